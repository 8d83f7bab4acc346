package io.clientele.jobs;

import io.clientele.engine.AsOf;
import io.clientele.engine.Job;
import io.clientele.engine.JobGraph;
import io.clientele.engine.config.Faults;
import io.clientele.engine.config.Yaml;
import io.clientele.identity.DecisionsFile;
import io.clientele.identity.MatchConfig;
import io.clientele.ingest.CurrencyRates;
import io.clientele.ingest.QuarantineSelection;
import io.clientele.ingest.RawTables;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.mapping.SourceMappings;
import io.clientele.ingest.rule.SubjectRows;
import io.clientele.integrate.Survivorship;
import io.clientele.mining.churn.ChurnConfig;
import io.clientele.mining.crosssell.BasketRulesConfig;
import io.clientele.mining.crosssell.RecommendationsConfig;
import io.clientele.mining.customer.CaptureConfig;
import io.clientele.mining.customer.Customer360Config;
import io.clientele.mining.value.ContributionConfig;
import io.clientele.mining.value.HeadroomConfig;
import io.clientele.mining.value.MigrationConfig;
import io.clientele.mining.value.ValueConfig;
import io.clientele.mining.value.lifetime.LifetimeConfig;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The table of contents: every job of a configuration, in the data's order. */
public final class WarehouseJobs {
    private final Settings settings;
    private final List<SourceMapping> mappings;
    private final Survivorship survivorship;
    private final MiningJobs mining;
    private final Matching matching;
    private final CustomerJobs customers;
    private final ValueSettings value;
    private final LifetimeJobs lifetime;

    private WarehouseJobs(
            Settings settings,
            List<SourceMapping> mappings,
            Matching matching,
            Survivorship survivorship,
            MiningJobs mining,
            CustomerJobs customers,
            ValueSettings value,
            LifetimeJobs lifetime) {
        this.settings = settings;
        this.mappings = mappings;
        this.survivorship = survivorship;
        this.mining = mining;
        this.matching = matching;
        this.customers = customers;
        this.value = value;
        this.lifetime = lifetime;
    }

    /**
     * Reads a configuration folder: {@code clientele.yml}, {@code sources/*.yml}, {@code jobs/*.yml}. What is not there keeps
     * its default.
     *
     * @throws io.clientele.engine.error.ClienteleException naming every fault of every file
     */
    public static WarehouseJobs read(Path conf) {
        Faults faults = new Faults();
        if (!Files.isDirectory(conf)) {
            faults.add(conf.toString(), "", "a folder with clientele.yml and sources/", "no such folder");
            faults.throwIfAny();
        }
        Settings settings = settings(conf.resolve("clientele.yml"), Settings.DEFAULTS, faults);
        List<SourceMapping> mappings = SourceMappings.read(conf, faults);
        MatchConfig match = settings(conf.resolve("jobs/identity.yml"), MatchConfig.defaults(), faults);
        Survivorship survivorship = survivorship(conf.resolve("jobs/customer.yml"), mappings, faults);
        MiningJobs mining = new MiningJobs(
                settings(conf.resolve("jobs/churn-flag.yml"), ChurnConfig.defaults(), faults),
                settings(conf.resolve("jobs/cross-sell-rule.yml"), BasketRulesConfig.defaults(), faults),
                settings(conf.resolve("jobs/recommendation.yml"), RecommendationsConfig.defaults(), faults));
        CustomerJobs customers = new CustomerJobs(
                settings(conf.resolve("jobs/customer-360.yml"), Customer360Config.defaults(), faults),
                settings(conf.resolve("jobs/capture-scorecard.yml"), CaptureConfig.defaults(), faults));
        ValueSettings value = new ValueSettings(
                settings(conf.resolve("jobs/customer-contribution.yml"), ContributionConfig.defaults(), faults),
                settings(conf.resolve("jobs/category-headroom.yml"), HeadroomConfig.defaults(), faults),
                settings(conf.resolve("jobs/value-segment.yml"), ValueConfig.defaults(), faults),
                settings(conf.resolve("jobs/value-migration.yml"), MigrationConfig.defaults(), faults),
                mappings.stream()
                        .map(mapping -> mapping.subjects().get(Subject.CUSTOMER))
                        .anyMatch(customer ->
                                customer != null && customer.columns().containsKey("referred_by_key")));
        LifetimeJobs lifetime =
                new LifetimeJobs(settings(conf.resolve("jobs/lifetime-value.yml"), LifetimeConfig.defaults(), faults));
        faults.throwIfAny();
        Matching matching = new Matching(match, DecisionsFile.read(conf.resolve(DecisionsFile.NAME)));
        return new WarehouseJobs(settings, mappings, matching, survivorship, mining, customers, value, lifetime);
    }

    private static <T extends Record> T settings(Path file, T defaults, Faults faults) {
        return Files.exists(file) ? Yaml.read(file, defaults, faults).orElse(defaults) : defaults;
    }

    private static Survivorship survivorship(Path file, List<SourceMapping> mappings, Faults faults) {
        Survivorship survivorship = settings(file, Survivorship.defaults(), faults);
        List<String> known = mappings.stream().map(SourceMapping::name).toList();
        survivorship.namedSources().stream()
                .filter(source -> !known.contains(source))
                .forEach(source -> faults.addUnknown(file.toString(), "sources", "source", source, known));
        return survivorship;
    }

    /** The settings. */
    public Settings settings() {
        return settings;
    }

    /** The sources. */
    public List<SourceMapping> mappings() {
        return mappings;
    }

    /** How customers' records are matched. */
    public Matching matching() {
        return matching;
    }

    /** The exchange rates. */
    public CurrencyRates rates() {
        return new CurrencyRates(settings.reportingCurrency(), settings.exchangeRates());
    }

    /**
     * The checked graph of all jobs.
     *
     * @param input where relative locations of sources start
     * @param startedAt when the run starts; names the batch of a database
     * @param notices told what a person should know of what was delivered
     */
    public JobGraph graph(Path input, java.time.Instant startedAt, Consumer<String> notices) {
        return graph(new LoadJobs(
                        mappings, rates(), input.toAbsolutePath().normalize().toString(), startedAt, notices)
                .all());
    }

    /**
     * The checked graph in which refused records are judged again in place of loading what was delivered.
     *
     * @param repaired a file with the record in the place of the selected one; null: the records as they came
     * @param notices told how many records of each source pass now
     */
    public JobGraph replayGraph(QuarantineSelection selection, Path repaired, Consumer<String> notices) {
        return graph(new ReplayJobs(mappings, rates(), selection, repaired, notices).all());
    }

    /** The one job that closes refused records for good. */
    public static JobGraph dismissGraph(QuarantineSelection selection, String why) {
        return JobGraph.of(List.of(ReplayJobs.dismiss(selection, why)));
    }

    private JobGraph graph(List<Job> load) {
        CurrencyRates rates = rates();
        Map<Subject, List<SubjectSource>> sources = new EnumMap<>(Subject.class);
        for (SourceMapping mapping : mappings) {
            for (Subject subject : mapping.subjects().keySet()) {
                sources.computeIfAbsent(subject, s -> new ArrayList<>())
                        .add(new SubjectSource(
                                RawTables.of(mapping),
                                raw -> SubjectRows.of(
                                        raw.where(org.apache
                                                .spark
                                                .sql
                                                .functions
                                                .col("outcome")
                                                .equalTo("accepted")),
                                        mapping,
                                        subject,
                                        rates)));
            }
        }
        List<Job> jobs = new ArrayList<>(load);
        Subjects subjects = new Subjects(sources);
        jobs.addAll(new IntegrateJobs(subjects, settings.phoneRegion(), matching, survivorship).all());
        jobs.addAll(new FactJobs(subjects).all());
        jobs.addAll(mining.all());
        jobs.addAll(lifetime.all(sources.keySet()));
        jobs.addAll(new ValueJobs(value, jobs).all());
        jobs.addAll(
                customers.all(jobs.stream().flatMap(j -> j.writes().stream()).collect(Collectors.toSet())));
        return JobGraph.of(jobs);
    }

    /** The date to compute for: the one asked for, else the last one with a known customer's sale. */
    public AsOf asOf(LocalDate requested) {
        return new AsOf(requested, CoreTables.CUSTOMER_DAY, "sold_on");
    }
}
