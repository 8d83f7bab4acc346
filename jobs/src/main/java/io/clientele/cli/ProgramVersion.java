package io.clientele.cli;

import picocli.CommandLine.IVersionProvider;

/** The program's version, as its jar states it. */
final class ProgramVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return new String[] {"clientele " + (version == null ? "(development)" : version)};
    }
}
