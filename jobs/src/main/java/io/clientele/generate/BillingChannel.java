package io.clientele.generate;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Monthly invoices for companies and those who buy on account, and their payments. Who leaves in bad faith leaves the last
 * invoices unpaid; one in six others pays late.
 */
final class BillingChannel {
    private static final int DAYS_TO_PAY = 14;

    private record Invoice(Person person, LocalDate issuedOn, long cents) {}

    private record Payment(String invoiceId, Person person, LocalDate paidOn, long cents) {}

    private final Company company;

    BillingChannel(Company company) {
        this.company = company;
    }

    List<Delivery> deliveries() {
        List<Invoice> invoices = invoices();
        List<Payment> payments = new ArrayList<>();
        Delivery invoiceFile =
                Delivery.csv("billing/invoices.csv", "invoice_id,customer_number,issued_on,due_date,amount,currency");
        for (int i = 0; i < invoices.size(); i++) {
            Invoice invoice = invoices.get(i);
            String id = "I" + (200_001 + i);
            String number = invoice.person().customerNumber();
            LocalDate due = invoice.issuedOn().plusDays(DAYS_TO_PAY);
            invoiceFile.add(Csv.line(id, number, invoice.issuedOn(), due, Csv.money(invoice.cents()), "EUR"));
            pay(invoice, id, due, payments);
        }
        payments.sort(Comparator.comparing(Payment::paidOn));
        Delivery paymentFile =
                Delivery.csv("billing/payments.csv", "payment_id,invoice_id,customer_number,paid_on,amount,currency");
        for (int i = 0; i < payments.size(); i++) {
            Payment payment = payments.get(i);
            String number = payment.person().customerNumber();
            paymentFile.add(Csv.line(
                    "Z" + (300_001 + i),
                    payment.invoiceId(),
                    number,
                    payment.paidOn(),
                    Csv.money(payment.cents()),
                    "EUR"));
        }
        plant("billing-invoices", invoiceFile, 3, "I9");
        plant("billing-payments", paymentFile, 3, "Z9");
        return List.of(invoiceFile, paymentFile);
    }

    private void plant(String source, Delivery file, int dateColumn, String id) {
        var faults = Company.faults("duplicate-record", Csv.first(',', 3));
        faults.put("missing-key", Company.utf8(Csv.with(0, "")));
        faults.put(
                "impossible-date",
                Company.utf8(Csv.with(dateColumn, "2024-02-31").andThen(Csv.with(0, id + "1"))));
        faults.put("unknown-currency", Company.utf8(Csv.with(5, "XXX").andThen(Csv.with(0, id + "2"))));
        faults.put("negative-amount", Company.utf8(Csv.with(4, "-10.00").andThen(Csv.with(0, id + "3"))));
        company.plant(source, List.of(file), faults);
    }

    private List<Invoice> invoices() {
        Map<YearMonth, TreeMap<Integer, Long>> months = new TreeMap<>();
        Map<Integer, Person> buyers = new HashMap<>();
        for (Sale sale : company.sales()) {
            if (sale.person != null && sale.person.buysOnInvoice()) {
                buyers.put(sale.person.index(), sale.person);
                months.computeIfAbsent(YearMonth.from(sale.at), m -> new TreeMap<>())
                        .merge(sale.person.index(), sale.netCents(), Long::sum);
            }
        }
        List<Invoice> invoices = new ArrayList<>();
        months.forEach((month, sums) -> {
            LocalDate issuedOn = month.plusMonths(1).atDay(1);
            sums.forEach((index, cents) -> {
                if (cents > 0 && !issuedOn.isAfter(company.options().endDate())) {
                    invoices.add(new Invoice(buyers.get(index), issuedOn, cents));
                }
            });
        });
        return invoices;
    }

    private void pay(Invoice invoice, String id, LocalDate due, List<Payment> payments) {
        Person person = invoice.person();
        boolean isLate = company.dice("punctuality", person.index()).chance(0.16);
        Dice dice = company.dice("payment " + id, person.index());
        boolean isBadFaith = person.leavesBy("intentional")
                && invoice.issuedOn().isAfter(person.leaving().on().minusDays(100));
        LocalDate paidOn = due.plusDays(isLate ? dice.between(8, 50) : dice.between(-10, 2));
        if (isBadFaith || paidOn.isAfter(company.options().endDate())) {
            return;
        }
        if (dice.chance(0.04)) {
            long half = invoice.cents() / 2;
            payments.add(new Payment(id, person, paidOn, half));
            LocalDate rest = paidOn.plusDays(14);
            if (!rest.isAfter(company.options().endDate())) {
                payments.add(new Payment(id, person, rest, invoice.cents() - half));
            }
            return;
        }
        payments.add(new Payment(id, person, paidOn, invoice.cents()));
    }
}
