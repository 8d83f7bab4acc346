package io.clientele.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an invented company as its channels would deliver it: master data, web shop and stores, and the truth beside it. The
 * same options give the same bytes.
 */
public final class CompanyGenerator {
    private CompanyGenerator() {}

    /** Writes all files below a folder, which is made where it is missing. */
    public static void write(GeneratorOptions options, Path directory) throws IOException {
        Company company = Company.invent(options);
        Faults faults = new Faults();
        List<Delivery> files = new ArrayList<>(new CrmChannel(company).deliveries());
        files.addAll(new WebChannel(company).deliveries());
        files.addAll(new StoreChannel(company).deliveries());
        for (Delivery file : files) {
            file.write(directory, faults);
        }
        company.truth().write(company, faults, directory);
    }
}
