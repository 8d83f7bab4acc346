package io.clientele.serving;

import static io.clientele.serving.Figures.count;
import static io.clientele.serving.Figures.counted;
import static io.clientele.serving.Figures.money;
import static io.clientele.serving.Figures.percent;
import static io.clientele.serving.Figures.percentOf;
import static io.clientele.serving.Figures.score;
import static io.clientele.serving.Figures.share;

import io.clientele.serving.ReportData.ChurnState;
import io.clientele.serving.ReportData.CrossSellRule;
import io.clientele.serving.ReportData.Intake;
import io.clientele.serving.ReportData.JobRun;
import io.clientele.serving.ReportData.Making;
import io.clientele.serving.ReportData.ModelFigure;
import io.clientele.serving.ReportData.PyramidLevel;
import io.clientele.serving.ReportData.RefusalReason;
import io.clientele.serving.ReportData.SourceBalance;
import io.clientele.serving.ReportData.Value;
import io.clientele.serving.ReportData.ValueClass;
import io.clientele.serving.ReportData.WhalePoint;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What to read from each picture, as plain text. Every claim is computed; what cannot be said is said to be unknown. */
final class ReportSentences {
    private static final double EXCEEDS = 1.0005;

    private ReportSentences() {}

    static String intake(Intake intake) {
        List<SourceBalance> sources = intake.sources();
        if (sources.isEmpty()) {
            return "No batch has been loaded yet, so there is nothing to balance.";
        }
        long read = sources.stream().mapToLong(SourceBalance::rowsRead).sum();
        long accepted = sources.stream().mapToLong(SourceBalance::rowsAccepted).sum();
        long duplicate =
                sources.stream().mapToLong(SourceBalance::rowsDuplicate).sum();
        long refused =
                sources.stream().mapToLong(SourceBalance::rowsQuarantined).sum();
        if (read == 0) {
            return "The batches loaded so far held no rows.";
        }
        long countSources =
                sources.stream().map(SourceBalance::source).distinct().count();
        long unaccounted = read - accepted - duplicate - refused;
        String balance = "Of %s read from %s, %s were accepted (%s), %s were duplicates (%s) and %s were refused (%s). "
                .formatted(
                        counted(read, "row", "rows"), counted(countSources, "source", "sources"),
                        count(accepted), percentOf(accepted, read),
                        count(duplicate), percentOf(duplicate, read),
                        count(refused), percentOf(refused, read));
        String proof = unaccounted == 0
                ? "Every row is accounted for."
                : "The balance does not add up: %s %s unaccounted for."
                        .formatted(
                                counted(Math.abs(unaccounted), "row", "rows"),
                                Math.abs(unaccounted) == 1 ? "is" : "are");
        return balance + proof;
    }

    static String reasons(Intake intake) {
        if (intake.reasons().isEmpty()) {
            return "No record was refused.";
        }
        RefusalReason first = intake.reasons().get(0);
        String status = intake.countOpen() == 0
                ? "None of the %s is still open.".formatted(counted(intake.countRefused(), "refusal", "refusals"))
                : "%s of %s %s still open: repair and replay or dismiss them."
                        .formatted(
                                count(intake.countOpen()),
                                counted(intake.countRefused(), "refusal", "refusals"),
                                intake.countOpen() == 1 ? "is" : "are");
        return "The most frequent reason is the rule %s%s in source %s, with %s. %s"
                .formatted(
                        first.rule(),
                        first.column() == null ? "" : " on column " + first.column(),
                        first.source(),
                        counted(first.countRows(), "row", "rows"),
                        status);
    }

    static String pyramid(Value value) {
        if (value.countCustomers() == 0) {
            return "No customer has been valued at this date, so there is no pyramid to draw.";
        }
        List<PyramidLevel> active = value.levels().stream()
                .filter(level -> !level.level().equals("inactive"))
                .toList();
        long countActive =
                active.stream().mapToLong(PyramidLevel::countCustomers).sum();
        BigDecimal sales = value.salesAmount();
        if (countActive == 0 || sales.signum() <= 0) {
            return "None of the %s has net sales in the value window, so levels have no share of sales."
                    .formatted(counted(value.countCustomers(), "customer", "customers"));
        }
        PyramidLevel top = active.get(0);
        StringBuilder text = new StringBuilder("The top %s (%s) %s %s of sales"
                .formatted(
                        percentOf(top.countCustomers(), countActive),
                        counted(top.countCustomers(), "customer", "customers"),
                        top.countCustomers() == 1 ? "brings" : "bring",
                        percentOf(top.salesAmount(), sales)));
        List<PyramidLevel> upper =
                active.stream().filter(level -> !level.level().equals("small")).toList();
        if (upper.size() > 1) {
            long countUpper =
                    upper.stream().mapToLong(PyramidLevel::countCustomers).sum();
            BigDecimal upperSales =
                    upper.stream().map(PyramidLevel::salesAmount).reduce(BigDecimal.ZERO, BigDecimal::add);
            text.append("; the top %s together bring %s"
                    .formatted(percentOf(countUpper, countActive), percentOf(upperSales, sales)));
        }
        text.append('.');
        long inactive = value.countCustomers() - countActive;
        if (inactive > 0) {
            text.append(" A further %s (%s of all) bought nothing in the window."
                    .formatted(
                            counted(inactive, "customer", "customers"), percentOf(inactive, value.countCustomers())));
        }
        return text.toString();
    }

    static String matrix(Value value, String currency) {
        Optional<ValueClass> platinum = classOf(value, "platinum");
        Optional<ValueClass> iron = classOf(value, "iron");
        if (value.countCustomers() == 0 || platinum.isEmpty() || iron.isEmpty()) {
            return "No customer has been valued at this date, so there are no classes to compare.";
        }
        Double share = share(platinum.get().contributionAmount(), value.contributionAmount());
        String best = "Platinum customers are %s of all and bring %s."
                .formatted(
                        percentOf(platinum.get().countCustomers(), value.countCustomers()),
                        share == null
                                ? money(platinum.get().contributionAmount(), currency)
                                : percent(share) + " of the contribution");
        String develop = iron.get().countCustomers() == 0
                ? " No customer is iron: nobody combines a low value today with a high potential."
                : " %s iron: low value today, but an expected %s in the coming horizon. Develop these first."
                        .formatted(
                                iron.get().countCustomers() == 1
                                        ? "1 customer is"
                                        : counted(iron.get().countCustomers(), "customer", "customers") + " are",
                                money(iron.get().potentialAmount(), currency));
        return best + develop;
    }

    private static Optional<ValueClass> classOf(Value value, String name) {
        return value.classes().stream().filter(c -> c.valueClass().equals(name)).findFirst();
    }

    static String whale(Value value, String currency) {
        if (value.countCustomers() == 0) {
            return "No customer has been valued at this date, so there is no curve to draw.";
        }
        List<WhalePoint> points = value.whale().points();
        if (points.isEmpty()) {
            return "The customers' whole contribution is %s: not above zero, so it has no shares to draw."
                    .formatted(money(value.contributionAmount(), currency));
        }
        WhalePoint peak = value.whale().peak();
        String best = "The best 20\u00a0%% of customers bring %s of the contribution. "
                .formatted(percent(contributionAt(points, 0.2)));
        String shape = peak.contributionShare() > EXCEEDS
                ? "The curve peaks at %s with the best %s: the customers after that cost %s."
                        .formatted(
                                percent(peak.contributionShare()),
                                percent(peak.customerShare()),
                                money(value.whale().lossAmount().negate(), currency))
                : "The curve never rises noticeably above 100\u00a0%: customers with a negative contribution hardly weigh.";
        if (value.whale().lossAmount().signum() == 0) {
            shape = "The curve never falls: no customer has a negative contribution.";
        }
        return best + shape + unknownCost(value);
    }

    private static String unknownCost(Value value) {
        if (value.countUnknownCost() == 0) {
            return "";
        }
        return value.countUnknownCost() == value.countCustomers()
                ? " For every customer some cost is unknown and counts as zero, so contribution is overstated."
                : " For %s (%s) some cost is unknown and counts as zero, so their contribution is overstated."
                        .formatted(
                                counted(value.countUnknownCost(), "customer", "customers"),
                                percentOf(value.countUnknownCost(), value.countCustomers()));
    }

    /** The share of contribution that the best {@code customerShare} bring, between the nearest two points. */
    static double contributionAt(List<WhalePoint> points, double customerShare) {
        WhalePoint before = points.get(0);
        for (WhalePoint point : points) {
            if (point.customerShare() >= customerShare) {
                double width = point.customerShare() - before.customerShare();
                double part = width == 0 ? 0 : (customerShare - before.customerShare()) / width;
                return before.contributionShare() + part * (point.contributionShare() - before.contributionShare());
            }
            before = point;
        }
        return before.contributionShare();
    }

    static String churn(ReportData data) {
        List<ChurnState> states = data.churn().states();
        long all = states.stream().mapToLong(ChurnState::countCustomers).sum();
        if (all == 0) {
            return "No customer's state is known at this date.";
        }
        List<ChurnState> atRisk = states.stream()
                .filter(s -> s.state().equals("cooling") || s.state().equals("partially_defected"))
                .toList();
        long count = atRisk.stream().mapToLong(ChurnState::countCustomers).sum();
        long lost = states.stream()
                .filter(s -> s.state().equals("lost"))
                .mapToLong(ChurnState::countCustomers)
                .sum();
        String lostText = " %s (%s) %s lost."
                .formatted(counted(lost, "customer", "customers"), percentOf(lost, all), lost == 1 ? "is" : "are");
        if (count == 0) {
            return "No customer is cooling or has partially defected." + (lost == 0 ? " None is lost." : lostText);
        }
        BigDecimal value = atRisk.stream().map(ChurnState::contributionAmount).reduce(BigDecimal.ZERO, BigDecimal::add);
        Double share = share(value, data.value().contributionAmount());
        return "%s (%s) %s at risk: cooling or partially defected. They brought %s in the value window%s."
                        .formatted(
                                counted(count, "customer", "customers"),
                                percentOf(count, all),
                                count == 1 ? "is" : "are",
                                money(value, data.header().currency()),
                                share == null ? "" : ", " + percent(share) + " of the whole contribution")
                + (lost == 0 ? " None is lost." : lostText);
    }

    static String backtest(List<ModelFigure> figures) {
        Optional<ModelFigure> auc = figures.stream()
                .filter(f ->
                        f.value() != null && f.name().toLowerCase(Locale.ROOT).matches("(.*[_.])?auc"))
                .min(Comparator.comparing((ModelFigure f) -> f.name().length()).thenComparing(ModelFigure::name));
        if (auc.isEmpty()) {
            return "No backtest of the churn probability is published for this date, so read the probabilities as unproven.";
        }
        ModelFigure figure = auc.get();
        String measured = "In the backtest%s the churn probability ranks customers with an AUC of %s%s"
                .formatted(
                        figure.cutoffDate() == null ? "" : " with cut-off " + figure.cutoffDate(),
                        score(figure.value()),
                        figure.low() == null || figure.high() == null
                                ? ""
                                : " (95\u00a0%% interval %s to %s)"
                                        .formatted(score(figure.low()), score(figure.high())));
        if (figure.baselineValue() == null) {
            return measured + ". No baseline was measured; a coin would reach 0.500.";
        }
        double gain = figure.value() - figure.baselineValue();
        String verdict = gain <= 0
                ? "it does not beat the baseline, so do not rely on it"
                : figure.low() != null && figure.low() <= figure.baselineValue()
                        ? "better by %s, which is within the margin of error".formatted(score(gain))
                        : "better by %s".formatted(score(gain));
        return measured + ", against " + score(figure.baselineValue()) + " for the naive baseline: " + verdict + ".";
    }

    static String crossSelling(ReportData data) {
        if (data.crossSelling().rules().isEmpty()) {
            return "No cross-sell rule holds at this date: either no products are known, or no two are bought together more "
                    + "often than chance explains.";
        }
        CrossSellRule first = data.crossSelling().rules().get(0);
        String learnedOn = data.crossSelling().learnedOn();
        return "%s %s%s. The one with the most baskets beyond chance: who buys %s also buys %s, %s times as often as expected "
                        .formatted(
                                counted(data.crossSelling().countRules(), "rule", "rules"),
                                data.crossSelling().countRules() == 1 ? "holds" : "hold",
                                learnedOn == null ? "" : ", learned from the baskets up to " + learnedOn,
                                String.join(" and ", first.antecedent()),
                                first.consequent(),
                                String.format(Locale.ROOT, "%,.1f", first.lift()))
                + "(%s, q %s)."
                        .formatted(
                                counted(first.countBaskets(), "basket", "baskets"),
                                first.qValue() < 0.001
                                        ? "<\u00a00.001"
                                        : "=\u00a0" + Figures.smallProbability(first.qValue()));
    }

    static String offers(ReportData data) {
        long customers = data.crossSelling().countCustomersWithOffer();
        if (customers == 0) {
            return "No customer has an offer at this date.";
        }
        long all = data.value().countCustomers();
        return "%s%s %s at least one offer; %s in all."
                .formatted(
                        counted(customers, "customer", "customers"),
                        all == 0 ? "" : " (" + percentOf(customers, all) + ")",
                        customers == 1 ? "has" : "have",
                        counted(data.crossSelling().countOffers(), "offer", "offers"));
    }

    static String making(Making making) {
        if (making.jobs().isEmpty()) {
            return "No finished job is recorded for this date.";
        }
        double seconds = making.jobs().stream()
                .filter(j -> j.seconds() != null)
                .mapToDouble(JobRun::seconds)
                .sum();
        long failedJobs = making.jobs().stream()
                .filter(j -> "failed".equals(j.status()) || "killed".equals(j.status()))
                .count();
        String jobs = "%s took %s seconds%s%s."
                .formatted(
                        counted(making.jobs().size(), "job", "jobs"),
                        String.format(Locale.ROOT, "%,.1f", seconds),
                        making.jobs().size() == 1 ? "" : ", added up also where they ran at once",
                        failedJobs == 0 ? "" : "; " + counted(failedJobs, "job", "jobs") + " did not succeed");
        long failed = making.countChecksFailed();
        long all = failed + making.countChecksPassed();
        if (all == 0) {
            return jobs + " No checks are recorded for them.";
        }
        if (failed == 0) {
            return jobs
                    + (all == 1
                            ? " The one check passed."
                            : " All %s passed.".formatted(counted(all, "check", "checks")));
        }
        return jobs + " %s of %s failed.".formatted(count(failed), counted(all, "check", "checks"));
    }
}
