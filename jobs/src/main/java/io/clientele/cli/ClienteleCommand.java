package io.clientele.cli;

import io.clientele.engine.FailureTranslation;
import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.error.Responsible;
import io.clientele.engine.log.Logs;
import io.clientele.engine.log.Redaction;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program's commands, and how each failure becomes one sentence and an exit code. */
@Command(
        name = "clientele",
        description = "A customer warehouse on Spark and Delta.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        subcommands = {
            RunCommand.class,
            StatusCommand.class,
            SqlCommand.class,
            DescribeCommand.class,
            DoctorCommand.class,
            ExplainCommand.class,
            ProfileCommand.class,
            GenerateCommand.class,
            SourceCommand.class,
            IdentityCommand.class,
            WhatIfCommand.class,
            MigrationCommand.class,
            QuarantineCommand.class
        })
public final class ClienteleCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "On failure also print where in the program it happened.")
    private boolean isStackTraceWanted;

    /** Runs one command line and answers its exit code. */
    public static int execute(String... arguments) {
        ClienteleCommand root = new ClienteleCommand();
        CommandLine line = new CommandLine(root);
        line.setExecutionExceptionHandler((failure, command, parsed) -> root.explain(failure, command.getErr()));
        line.setParameterExceptionHandler((failure, parsed) -> {
            PrintWriter err = failure.getCommandLine().getErr();
            err.println(failure.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
            err.println("See 'clientele " + path(failure.getCommandLine()) + "--help'.");
            return Responsible.CONFIGURATION.exitCode();
        });
        line.setExecutionStrategy(parsed -> {
            try {
                Logs.configure();
            } catch (ClienteleException wrong) {
                throw new CommandLine.ExecutionException(line, wrong.getMessage(), wrong);
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line.execute(arguments);
    }

    private static String path(CommandLine line) {
        return line.getParent() == null ? "" : path(line.getParent()) + line.getCommandName() + " ";
    }

    private int explain(Exception failure, PrintWriter err) {
        ClienteleException clear = FailureTranslation.translate(failure, null);
        err.println("clientele: " + Redaction.redact(clear.getMessage()));
        if (isStackTraceWanted) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            err.print(Redaction.redact(trace.toString()));
        }
        err.flush();
        return clear.responsible().exitCode();
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Give a command.");
    }
}
