package io.clientele.generate;

import io.clientele.generate.Catalogue.Product;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Lets the people buy: each in their own rhythm, by season and taste, until they leave. */
final class Purchases {
    private static final double ANONYMOUS_SHARE = 0.22;

    private final GeneratorOptions options;
    private final Catalogue catalogue;

    Purchases(GeneratorOptions options, Catalogue catalogue) {
        this.options = options;
        this.catalogue = catalogue;
    }

    /** All sales and returns in the order of time, numbered. */
    List<Sale> of(List<Person> people) {
        List<Sale> sales = new ArrayList<>();
        for (Person person : people) {
            buy(person, sales);
        }
        addAnonymous(sales);
        sales.sort(Comparator.comparing(sale -> sale.at)); // a stable sort: equal times keep the order of the people
        number(sales);
        return sales;
    }

    private void buy(Person person, List<Sale> sales) {
        Dice dice = Dice.of(options.seed(), "purchases", person.index());
        double mean = person.habits().meanGapDays();
        double day = dice.between(0.0, mean);
        if (person.joinedOn().isAfter(options.startDate())) {
            day = options.startDate().until(person.joinedOn(), java.time.temporal.ChronoUnit.DAYS);
        }
        LocalDate end = options.endDate();
        if (person.leaving() != null) {
            end = person.leaving().on().minusDays(1);
        }
        LocalDate date = options.startDate().plusDays((long) day);
        while (!date.isAfter(end)) {
            sell(person, date, dice, sales);
            double fade = isFading(person, date) ? 1.8 : 1;
            day += Math.max(1, dice.gamma(person.habits().gapShape(), mean) * fade / Catalogue.season(date.getMonth()));
            date = options.startDate().plusDays((long) day);
        }
    }

    /** Who goes to a competitor buys less often in the half-year before. */
    private static boolean isFading(Person person, LocalDate date) {
        return person.leavesBy("competitive")
                && date.isAfter(person.leaving().on().minusDays(180));
    }

    private void sell(Person person, LocalDate date, Dice dice, List<Sale> sales) {
        boolean isWeb = dice.chance(person.habits().webShare());
        LocalDateTime at = time(date, isWeb, dice);
        if (at.toLocalDate().isAfter(options.endDate())) {
            return;
        }
        // A card is sometimes left at home; then nobody knows whose receipt it is.
        boolean isKnown = isWeb || dice.chance(0.92);
        Sale sale = new Sale(isKnown ? person : null, at, isWeb, isWeb ? null : person.store(), null);
        fill(sale, person, dice);
        sales.add(sale);
        takeBack(sale, dice, sales);
    }

    private LocalDateTime time(LocalDate date, boolean isWeb, Dice dice) {
        if (isWeb) {
            return date.atTime(dice.between(6, 22), dice.between(0, 59), dice.between(0, 59));
        }
        LocalDate open = date.getDayOfWeek() == DayOfWeek.SUNDAY ? date.minusDays(1) : date;
        return open.atTime(dice.between(9, 19), dice.between(0, 59));
    }

    private void fill(Sale sale, Person person, Dice dice) {
        double rate = sale.person == null ? 1 : person.market().rate();
        int count = 1 + dice.poisson(person.habits().lines());
        List<Product> basket = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Product product = choose(person, sale.at.toLocalDate(), dice);
            if (product != null && !basket.contains(product)) {
                basket.add(product);
            }
        }
        for (Catalogue.Rule rule : catalogue.rules) {
            boolean isDue = basket.contains(rule.antecedent()) && !basket.contains(rule.consequent());
            if (isDue && dice.chance(rule.probability())) {
                basket.add(rule.consequent());
            }
        }
        for (Product product : basket) {
            int quantity = 1
                    + (product.price() > 200 && !person.isCompany()
                            ? 0
                            : dice.poisson(Math.min(40, person.habits().quantity())));
            long unit = Math.round(product.price() * rate * 100);
            long discount = dice.chance(0.08) ? quantity * unit / 10 : 0;
            sale.lines.add(new Sale.Line(product, quantity, unit, discount));
        }
        if (sale.isWeb && sale.netCents() < 5000 * rate) {
            sale.lines.add(
                    new Sale.Line(catalogue.delivery, 1, Math.round(catalogue.delivery.price() * rate * 100), 0));
        }
        if (sale.isWeb && sale.at.getMonthValue() == 12 && dice.chance(0.15)) {
            sale.lines.add(
                    new Sale.Line(catalogue.giftWrap, 1, Math.round(catalogue.giftWrap.price() * rate * 100), 0));
        }
    }

    /** A product to the person's taste; null where the wish falls into a category that the person has dropped. */
    private Product choose(Person person, LocalDate date, Dice dice) {
        double[] weights = person.habits().categories().clone();
        for (int c = 0; c < weights.length; c++) {
            weights[c] *= Catalogue.season(c, date.getMonth());
        }
        if (person.partial() != null && !date.isBefore(person.partial().since())) {
            weights[person.partial().category()] = 0;
        }
        List<Product> range = catalogue.byCategory.get(dice.weighted(weights));
        double[] tastes = new double[range.size()];
        for (int i = 0; i < tastes.length; i++) {
            tastes[i] = range.get(i).popularity()
                    * StrictMath.pow(range.get(i).price() / 30, person.habits().priceTilt());
        }
        return range.get(dice.weighted(tastes));
    }

    private void takeBack(Sale sale, Dice dice, List<Sale> sales) {
        if (!dice.chance(sale.isWeb ? 0.07 : 0.03)) {
            return;
        }
        LocalDateTime at = time(sale.at.toLocalDate().plusDays(dice.between(3, 21)), sale.isWeb, dice);
        Sale.Line line = dice.pick(sale.lines);
        if (line.product().isService() || at.toLocalDate().isAfter(options.endDate())) {
            return;
        }
        Sale back = new Sale(sale.person, at, sale.isWeb, sale.store, sale);
        back.lines.add(new Sale.Line(line.product(), -line.quantity(), line.unitPriceCents(), -line.discountCents()));
        sales.add(back);
    }

    /** Passers-by buy in the stores without being customers; they are no part of the truth. */
    private void addAnonymous(List<Sale> sales) {
        Dice dice = Dice.of(options.seed(), "anonymous", 0);
        long inStores = sales.stream().filter(sale -> !sale.isWeb).count();
        Person stranger =
                new Population(options.withSeed(options.seed() + 1)).people().get(0);
        for (long i = 0; i < inStores * ANONYMOUS_SHARE; i++) {
            LocalDate date = dice.between(options.startDate(), options.endDate());
            if (!dice.chance(Catalogue.season(date.getMonth()) / 1.75)) {
                continue;
            }
            LocalDateTime at = time(date.getDayOfWeek() == DayOfWeek.SUNDAY ? date.plusDays(1) : date, false, dice);
            if (at.toLocalDate().isAfter(options.endDate())) {
                continue;
            }
            Sale sale = new Sale(null, at, false, dice.pick(Lexicon.STORES), null);
            fill(sale, stranger, dice);
            sales.add(sale);
        }
    }

    private static void number(List<Sale> sales) {
        TreeMap<String, Integer> last = new TreeMap<>();
        for (Sale sale : sales) {
            String month = String.format(Locale.ROOT, "%02d%02d", sale.at.getYear() % 100, sale.at.getMonthValue());
            String series = sale.isWeb
                    ? "W" + month
                    : Lexicon.ascii(sale.store).substring(0, 2).toUpperCase(Locale.ROOT) + month;
            sale.id = series + "-" + String.format(Locale.ROOT, "%04d", last.merge(series, 1, Integer::sum));
        }
    }
}
