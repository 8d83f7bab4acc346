package io.clientele.mining.value.lifetime;

import io.clientele.mining.Learned;
import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import io.clientele.warehouse.LifetimeTables;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Rows of {@link LifetimeTables#LIFETIME_FIGURE}. What is not finite becomes null. */
final class LifetimeFigures {
    private static final double NORMAL_95 = 1.959963984540054;
    private static final int WAY = 1;

    /** Figures of the model in use that are computed for each date, whenever the model was learned. */
    private static final Set<String> OF_THE_DATE =
            Set.of("customers", "repeat_customers", "horizon_days", "yearly_discount_rate", "contribution_share");

    private final LocalDate asOf;
    private final String configurationHash;
    private final List<Row> rows = new ArrayList<>();

    LifetimeFigures(LifetimeConfig config, LocalDate asOf) {
        this.asOf = asOf;
        this.configurationHash = Learned.hash(config, WAY);
    }

    /** One figure; anything but its name may be null. */
    void add(
            String model,
            String name,
            String kind,
            Double value,
            Double low,
            Double high,
            Double baseline,
            LocalDate cutoff,
            String note) {
        rows.add(RowFactory.create(
                Date.valueOf(asOf),
                model,
                name,
                kind,
                finite(value),
                finite(low),
                finite(high),
                finite(baseline),
                cutoff == null ? null : Date.valueOf(cutoff),
                configurationHash,
                note));
    }

    void metric(String model, String name, double value, LocalDate cutoff) {
        add(model, name, "metric", value, null, null, null, cutoff, null);
    }

    void parameter(String model, String name, double value, LocalDate cutoff) {
        add(model, name, "parameter", value, null, null, null, cutoff, null);
    }

    void population(String model, String name, double value, LocalDate cutoff) {
        add(model, name, "population", value, null, null, null, cutoff, null);
    }

    /** What could not be done, or should be known. */
    void note(String model, String name, LocalDate cutoff, String sentence) {
        add(model, name, "metric", null, null, null, null, cutoff, sentence);
    }

    /** Parameters with 95 % intervals from the observed information. */
    void parameters(String model, String[] names, Fit fit, LocalDate cutoff) {
        for (int i = 0; i < names.length; i++) {
            double value = fit.parameters()[i];
            double factor = Math.exp(NORMAL_95 * fit.errorOfLog(i));
            add(
                    model,
                    names[i],
                    "parameter",
                    value,
                    value / factor,
                    value * factor,
                    null,
                    cutoff,
                    Double.isNaN(factor) ? "The likelihood is flat here, so there is no interval." : null);
        }
    }

    /** {@link #parameters}, and the log-likelihood. */
    void fit(String model, String[] names, Fit fit, LocalDate cutoff) {
        parameters(model, names, fit, cutoff);
        metric(model, "log_likelihood", fit.logLikelihood(), cutoff);
    }

    /** What the learning of the models in use said, from the rows of an earlier date. */
    void learned(LearnedModels models) {
        rows.addAll(LearnedModels.at(
                models.figures().stream()
                        .filter(r -> !r.getAs("model").equals("lifetime_value")
                                || !OF_THE_DATE.contains(r.<String>getAs("name")))
                        .toList(),
                LifetimeTables.LIFETIME_FIGURE,
                asOf));
    }

    /** The hash of the settings, as the rows have it. */
    String configurationHash() {
        return configurationHash;
    }

    private static Double finite(Double value) {
        return value == null || !Double.isFinite(value) ? null : value;
    }

    /** A number in a sentence. */
    static String count(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    Dataset<Row> rows(SparkSession session) {
        return session.createDataFrame(rows, LifetimeTables.LIFETIME_FIGURE.schema());
    }
}
