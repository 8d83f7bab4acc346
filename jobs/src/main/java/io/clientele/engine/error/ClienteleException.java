package io.clientele.engine.error;

/**
 * An error with one sentence for the person who must act: where, what was expected, what was found, what to do. Messages
 * never hold personal data or secrets.
 */
public final class ClienteleException extends RuntimeException {
    private final Responsible responsible;

    private ClienteleException(Responsible responsible, String message, Throwable cause) {
        super(message, cause);
        this.responsible = responsible;
    }

    /** Usage or configuration is wrong. */
    public static ClienteleException configuration(String message, Object... arguments) {
        return new ClienteleException(Responsible.CONFIGURATION, String.format(message, arguments), null);
    }

    /** Delivered data is refused. */
    public static ClienteleException data(String message, Object... arguments) {
        return new ClienteleException(Responsible.DATA, String.format(message, arguments), null);
    }

    /** The machine, network or another process stands in the way. */
    public static ClienteleException environment(String message, Object... arguments) {
        return new ClienteleException(Responsible.ENVIRONMENT, String.format(message, arguments), null);
    }

    /** A defect of the program. */
    public static ClienteleException defect(String message, Throwable cause) {
        return new ClienteleException(Responsible.DEFECT, message, cause);
    }

    /** The same error with what caused it, for {@code --stacktrace}. */
    public ClienteleException causedBy(Throwable cause) {
        return new ClienteleException(responsible, getMessage(), cause);
    }

    /** Who must act. */
    public Responsible responsible() {
        return responsible;
    }
}
