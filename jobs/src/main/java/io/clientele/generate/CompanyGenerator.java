package io.clientele.generate;

import io.clientele.engine.error.ClienteleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an invented company: the files of all seven channels, the truth about them and a README. It needs no Spark.
 * Memory grows with the number of sales; for many lines see {@link BenchmarkCompany}.
 */
public final class CompanyGenerator {
    private CompanyGenerator() {}

    /**
     * Writes the company into a folder, which is created and may hold files of the same company already; these are replaced.
     *
     * @throws ClienteleException environment, if a file cannot be written
     */
    public static void write(GeneratorOptions options, Path directory) {
        Company company = Company.invent(options);
        Faults faults = new Faults();
        List<Delivery> files = new ArrayList<>();
        files.addAll(new CrmChannel(company).deliveries());
        files.addAll(new WebChannel(company).deliveries());
        files.addAll(new StoreChannel(company).deliveries());
        files.addAll(new CallCentreChannel(company).deliveries());
        files.addAll(new SurveyChannel(company).deliveries());
        files.addAll(new BillingChannel(company).deliveries());
        try {
            Files.createDirectories(directory);
            for (Delivery file : files) {
                file.write(directory, faults);
            }
            new CampaignChannel(company).write(directory, faults);
            company.truth().write(company, faults, directory);
            CompanyReadme.write(company, faults, directory);
        } catch (IOException e) {
            throw ClienteleException.environment("Cannot write the company into %s: %s", directory, e.getMessage())
                    .causedBy(e);
        }
    }
}
