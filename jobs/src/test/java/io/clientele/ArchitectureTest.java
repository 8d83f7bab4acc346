package io.clientele;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.clientele.engine.ComputedRows;
import io.clientele.engine.Reuse;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;

/** What the data's way looks like in packages, and what the code along it leaves to others. */
@AnalyzeClasses(packagesOf = ArchitectureTest.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** Methods of a Dataset that start work on the cluster or hold its result. */
    private static final Set<String> STARTS_WORK = Set.of(
            "cache",
            "checkpoint",
            "collect",
            "collectAsList",
            "count",
            "first",
            "foreach",
            "foreachPartition",
            "head",
            "isEmpty",
            "localCheckpoint",
            "persist",
            "reduce",
            "show",
            "tail",
            "take",
            "takeAsList",
            "toLocalIterator",
            "write",
            "writeTo");

    /** Transforms that start work all the same: the class and why it cannot do without. */
    private static final Map<String, String> MAY_START_WORK = Map.ofEntries(
            Map.entry(
                    "io.clientele.identity.Similarity",
                    "weights are learned on the driver from counts of patterns, and pairs are walked more than once"),
            Map.entry(
                    "io.clientele.identity.CandidatePairs",
                    "how many pairs each rule brings is known before they are made"),
            Map.entry(
                    "io.clientele.identity.Decisions",
                    "a decision about unknown records is refused before anything is matched"),
            Map.entry("io.clientele.identity.IdentityMeasure", "its figures are the result"),
            Map.entry("io.clientele.identity.MatchQuality", "its figures are the result"),
            Map.entry(
                    "io.clientele.identity.ConnectedComponents",
                    "an iteration ends when nothing moves any more, and its plan would double with each round"),
            Map.entry(
                    "io.clientele.identity.IdentityGroups",
                    "whether customers were chained together decides whether their weak links are cut; both are few"),
            Map.entry(
                    "io.clientele.identity.IdentityLinks",
                    "edges are few beside the records and are walked many times"),
            Map.entry(
                    "io.clientele.identity.Identities",
                    "ids drawn once must not be drawn anew, and rounds of splitting end when no conflict is left"),
            Map.entry(
                    "io.clientele.identity.IdentityIncrement",
                    "how many records came decides whether weights are learned anew; later steps are small by what earlier ones"
                            + " found"),
            Map.entry(
                    "io.clientele.mining.value.FoundCuts",
                    "cut points are a row for each class, and as constants they are not looked up for each customer"),
            Map.entry(
                    "io.clientele.mining.crosssell.BasketRules",
                    "all baskets of the window are counted only where there is no rule, of which each knows their number"),
            Map.entry("io.clientele.identity.MatchTraining", "a model is one row for each rule and level"),
            Map.entry(
                    "io.clientele.identity.TouchedBlocks",
                    "whether a block outgrew its limit decides if holders are counted a second time"),
            Map.entry(
                    "io.clientele.identity.TouchedIdentifiers",
                    "identifiers that changed records hold are few beside all, and are walked several times"),
            Map.entry(
                    "io.clientele.integrate.Customers",
                    "members of touched customers are few beside all, and the planner has to know it"),
            Map.entry(
                    "io.clientele.identity.Evidence",
                    "likely pairs are few beside the compared ones and are used often"),
            Map.entry("io.clientele.identity.IdentityPreview", "its figures are the result, and nothing is written"),
            Map.entry(
                    "io.clientele.mining.value.ReassignedValue", "its figures are the result, and nothing is written"),
            Map.entry(
                    "io.clientele.mining.value.ValueMigration",
                    "the date of the earlier snapshot and the costs set then, one row"),
            Map.entry(
                    "io.clientele.mining.Learned",
                    "whether earlier models are used decides what is computed, one date"),
            Map.entry(
                    "io.clientele.mining.churn.LearnedCalibration",
                    "whether earlier probabilities are used decides what is computed, two numbers"),
            Map.entry(
                    "io.clientele.mining.crosssell.LearnedRules",
                    "whether earlier rules are used decides what is computed, two numbers"),
            Map.entry(
                    "io.clientele.mining.value.lifetime.LifetimeCounts",
                    "a maximum is sought in hundreds of steps over a bounded number of groups"));

    private static final Set<String> CLOCK_METHODS = Set.of(
            "now",
            "currentTimeMillis",
            "systemUTC",
            "systemDefaultZone",
            "system",
            "current_date",
            "current_timestamp",
            "localtimestamp",
            "unix_timestamp",
            "curdate");

    @ArchTest
    static final ArchRule dataFlowsDownTheLayers = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("engine")
            .definedBy("io.clientele.engine..")
            .layer("warehouse")
            .definedBy("io.clientele.warehouse..")
            .layer("ingest")
            .definedBy("io.clientele.ingest..")
            .layer("identity")
            .definedBy("io.clientele.identity..")
            .layer("integrate")
            .definedBy("io.clientele.integrate..")
            .layer("marts")
            .definedBy("io.clientele.marts..")
            .layer("mining")
            .definedBy("io.clientele.mining..")
            .layer("serving")
            .definedBy("io.clientele.serving..")
            .layer("generate")
            .definedBy("io.clientele.generate..")
            .layer("jobs")
            .definedBy("io.clientele.jobs..")
            .layer("entry")
            .definedBy("io.clientele", "io.clientele.cli..")
            .whereLayer("engine")
            .mayNotAccessAnyLayer()
            .whereLayer("warehouse")
            .mayOnlyAccessLayers("engine")
            .whereLayer("ingest")
            .mayOnlyAccessLayers("engine", "warehouse")
            .whereLayer("identity")
            .mayOnlyAccessLayers("engine", "warehouse")
            .whereLayer("integrate")
            .mayOnlyAccessLayers("engine", "warehouse", "identity")
            .whereLayer("marts")
            .mayOnlyAccessLayers("engine", "warehouse", "ingest", "identity", "integrate")
            .whereLayer("mining")
            .mayOnlyAccessLayers("engine", "warehouse", "ingest", "identity", "integrate", "marts")
            .whereLayer("serving")
            .mayOnlyAccessLayers("engine", "warehouse", "ingest", "identity", "integrate", "marts", "mining")
            .whereLayer("generate")
            .mayOnlyAccessLayers("engine")
            .whereLayer("jobs")
            .mayOnlyAccessLayers("engine", "warehouse", "ingest", "identity", "integrate", "marts", "mining")
            .because("a newcomer follows the data downward, and the engine knows no subject");

    @ArchTest
    static final ArchRule engineKnowsNoSubject = noClasses()
            .that()
            .resideInAPackage("io.clientele.engine..")
            .should()
            .dependOnClassesThat(describe(
                    "are ours and outside of the engine",
                    c -> c.getPackageName().startsWith("io.clientele")
                            && !c.getPackageName().startsWith("io.clientele.engine")))
            .because("the engine runs any jobs on any tables");

    @ArchTest
    static final ArchRule stagesHaveNoCycles = slices().matching(
                    "io.clientele.(ingest|identity|integrate|marts|mining|serving|generate|jobs|warehouse|engine)..")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule transformsStartNoWork = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.clientele.identity..",
                    "io.clientele.integrate..",
                    "io.clientele.marts..",
                    "io.clientele.mining..")
            .and(describe("are not excused", c -> !MAY_START_WORK.containsKey(outermost(c))))
            .should()
            .callMethodWhere(startsWork())
            .because("transforms are Dataset -> Dataset; only the runner touches storage. Where an algorithm cannot do"
                    + " without, add its class to MAY_START_WORK with the reason")
            .allowEmptyShould(true);

    @ArchTest
    static void excusesAreInUse(JavaClasses imported) {
        Set<String> used = imported.stream()
                .filter(c -> c.getMethodCallsFromSelf().stream().anyMatch(startsWork()))
                .map(ArchitectureTest::outermost)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(used).as("classes that start work").containsAll(MAY_START_WORK.keySet());
        assertThat(MAY_START_WORK.values()).as("reasons").noneMatch(String::isBlank);
    }

    @ArchTest
    static final ArchRule nobodyReadsTheClock = noClasses()
            .that()
            .resideOutsideOfPackages("io.clientele.engine..", "io.clientele.cli..")
            .should()
            .callMethodWhere(readsTheClock())
            .because("a date run again gives the same rows: the as-of date is an argument")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = classes()
            .that()
            .haveModifier(PUBLIC)
            .should()
            .haveSimpleNameNotEndingWith("Util")
            .andShould()
            .haveSimpleNameNotEndingWith("Utils")
            .andShould()
            .haveSimpleNameNotEndingWith("Manager")
            .andShould()
            .haveSimpleNameNotEndingWith("Helper")
            .andShould()
            .haveSimpleNameNotEndingWith("Common")
            .because("such a name fits everything and tells nothing");

    private static DescribedPredicate<JavaMethodCall> startsWork() {
        return describe(
                "starts work on a Dataset",
                call -> (isOf(call, Dataset.class)
                                && STARTS_WORK.contains(call.getTarget().getName()))
                        || isOf(call, ComputedRows.class)
                        || (isOf(call, Reuse.class)
                                && !call.getTarget().getName().equals("of")));
    }

    private static DescribedPredicate<JavaMethodCall> readsTheClock() {
        return describe(
                "reads the clock",
                call -> CLOCK_METHODS.contains(call.getTarget().getName())
                        && (call.getTargetOwner().getPackageName().equals("java.time")
                                || isOf(call, System.class)
                                || isOf(call, Clock.class)
                                || isOf(call, functions.class)));
    }

    private static boolean isOf(JavaMethodCall call, Class<?> type) {
        AccessTarget.MethodCallTarget target = call.getTarget();
        return target.getOwner().isAssignableTo(type);
    }

    /** The name of the top-level class; lambdas are methods of it already. */
    private static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getName();
    }
}
