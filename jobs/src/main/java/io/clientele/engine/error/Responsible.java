package io.clientele.engine.error;

/** Who must act on an error. Each maps to one exit code; a scheduler retries only {@link #ENVIRONMENT}. */
public enum Responsible {
    /** The caller: usage or configuration is wrong. */
    CONFIGURATION(2),
    /** The deliverer of the data: it was refused. */
    DATA(3),
    /** The operator: disk, permission, network, lock. Worth a retry. */
    ENVIRONMENT(4),
    /** Us: a defect of the program. */
    DEFECT(70);

    private final int exitCode;

    Responsible(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit code of a process that ends with such an error. */
    public int exitCode() {
        return exitCode;
    }
}
