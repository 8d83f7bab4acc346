package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.error.ClienteleException;
import io.clientele.serving.WhatIf;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What would follow if customers behaved otherwise. */
@Command(
        name = "whatif",
        description = "Compute on the company's own figures what would follow if customers behaved otherwise.",
        mixinStandardHelpOptions = true,
        subcommands = {WhatIfCommand.Move.class, WhatIfCommand.Retention.class, WhatIfCommand.Budget.class})
final class WhatIfCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Say what if: move, retention or budget.");
    }

    /** What all of them take. */
    private abstract static class Question implements Callable<Integer> {
        @Mixin
        private WarehouseOptions options;

        @Option(
                names = "--as-of",
                paramLabel = "DATE",
                description = "The date of the snapshot, yyyy-MM-dd (default: the latest).")
        private LocalDate asOf;

        WhatIf whatIf() {
            PublishedTables published = options.published();
            return new WhatIf(published::read, asOf, System.out);
        }

        static void within(String option, double value, double least, double most) {
            if (!(value >= least && value <= most)) {
                throw ClienteleException.configuration(
                        "%s: expected a number from %s to %s, found %s",
                        option,
                        BigDecimal.valueOf(least).stripTrailingZeros().toPlainString(),
                        BigDecimal.valueOf(most).stripTrailingZeros().toPlainString(),
                        value);
            }
        }
    }

    @Command(
            name = "move",
            description = "A share of each level of the pyramid moves one level up: sales and profit.",
            mixinStandardHelpOptions = true)
    static final class Move extends Question {
        @Option(
                names = "--percent",
                defaultValue = "2",
                description = "Percent of each level (default: ${DEFAULT-VALUE}).")
        private double percent;

        @Override
        public Integer call() {
            within("--percent", percent, 0, 100);
            whatIf().move(percent);
            return 0;
        }
    }

    @Command(name = "retention", description = "More customers stay: lifetime value.", mixinStandardHelpOptions = true)
    static final class Retention extends Question {
        @Option(
                names = "--points",
                defaultValue = "5",
                description = "Points of retention (default: ${DEFAULT-VALUE}).")
        private double points;

        @Option(
                names = "--discount",
                paramLabel = "PERCENT",
                defaultValue = "10",
                description = "Discount rate in percent a year (default: ${DEFAULT-VALUE}).")
        private double discount;

        @Override
        public Integer call() {
            within("--points", points, 0, 100);
            within("--discount", discount, 0.1, 100);
            whatIf().retention(points, discount);
            return 0;
        }
    }

    @Command(
            name = "budget",
            description = "A budget for campaign contacts, split over the value classes by expected gain.",
            mixinStandardHelpOptions = true)
    static final class Budget extends Question {
        @Option(names = "--amount", required = true, description = "The budget in the reporting currency.")
        private BigDecimal amount;

        @Override
        public Integer call() {
            within("--amount", amount.doubleValue(), 0, 1e12);
            whatIf().budget(amount);
            return 0;
        }
    }
}
