package io.clientele;

import io.clientele.cli.ClienteleCommand;
import java.util.Locale;

/** The program: arguments in, exit code out (0 done; 2 usage or configuration; 3 data; 4 environment; 70 defect). */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // The same letters and figures whatever the language of the machine.
        Locale.setDefault(Locale.ROOT);
        int code = ClienteleCommand.execute(arguments);
        System.out.flush();
        System.exit(code);
    }
}
