package io.clientele.engine;

/** Where a run tells a person how far it is. */
public interface Progress {
    /** A job is done: its place among the jobs of the run, the rows it wrote and how long it took. */
    void done(int number, int total, Job job, long rowsWritten, double seconds);

    /** A job had nothing to do. */
    void upToDate(int number, int total, Job job);

    /** Something that a person should know and that is no failure. */
    void notice(String text);

    /** Tells nobody. */
    Progress SILENT = new Progress() {
        @Override
        public void done(int number, int total, Job job, long rowsWritten, double seconds) {}

        @Override
        public void upToDate(int number, int total, Job job) {}

        @Override
        public void notice(String text) {}
    };
}
