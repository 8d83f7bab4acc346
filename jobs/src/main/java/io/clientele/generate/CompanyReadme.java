package io.clientele.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes what the folder is, how it was made and which faults it holds. */
final class CompanyReadme {
    private CompanyReadme() {}

    static void write(Company company, Faults faults, Path directory) throws IOException {
        GeneratorOptions options = company.options();
        long lines =
                company.sales().stream().mapToLong(sale -> sale.lines.size()).sum();
        Map<String, TreeMap<String, Long>> planted = faults.planted().stream()
                .collect(Collectors.groupingBy(
                        fault -> fault.file().replaceAll("-\\d{4}-\\d{2}(-\\d{2})?", "-*"),
                        TreeMap::new,
                        Collectors.groupingBy(Faults.Fault::kind, TreeMap::new, Collectors.counting())));
        String table = planted.entrySet().stream()
                .map(e -> "| " + e.getKey() + " | " + counts(e.getValue()) + " |\n")
                .collect(Collectors.joining());
        String text = """
        # An invented company

        Nobody in these files exists: names, numbers and addresses are random combinations made by `CompanyGenerator`.
        A German retailer with a web shop and stores; some customers live in Switzerland, Great Britain and the United
        States and pay in their own currency. Amounts are before tax. Wall times are those of Berlin; instants carry their
        offset or are UTC (Parquet).

        | made with | |
        |---|---|
        | seed | %d |
        | true customers | %d |
        | from, to | %s, %s |
        | sale lines | %d |

        Regenerate it, byte for byte:

        ```
        clientele generate --seed %d --customers %d --years %d --end %s <folder>
        ```

        | folder | holds | customers are known by |
        |---|---|---|
        | crm | customers and products (a full delivery, then changes), life events | customer number, loyalty card |
        | web | orders and returns, nested JSON lines | account, e-mail, telephone |
        | store | receipts, windows-1252, decimal commas; some anonymous | loyalty card |
        | call-centre | contacts, requests and complaints | customer number, or telephone and name |
        | survey | answers | e-mail and name |
        | billing | monthly invoices and payments | customer number |
        | campaign | contacts with control groups, consents | customer number, or e-mail and name |
        | truth | what is true: for tests, never loaded | |

        `truth/same-person.csv` says which true person a source's key belongs to, `truth/leavers.csv` who bought nothing
        from which day on and why, `truth/partial-defectors.csv` who dropped which category,
        `truth/planted-rules.csv` which products are bought together on purpose.

        Traps that are no faults: two people of one household share surname, address and telephone; names without umlauts,
        with swapped letters or changed by marriage; e-mail addresses in capitals, misspelt or changed; telephone numbers
        in four spellings; buyers of seasonal goods only; cards left at home.

        ## Planted faults

        Faulty records stand between the good ones: without them the files are the same, less these rows.
        `truth/faults.csv` has each with its file and row (1 is the first line of the file). A duplicate is an exact copy
        of an earlier record; all other kinds are to be refused.

        | files | faults |
        |---|---|
        %s""".formatted(
                        options.seed(),
                        options.customers(),
                        options.startDate(),
                        options.endDate(),
                        lines,
                        options.seed(),
                        options.customers(),
                        options.years(),
                        options.endDate(),
                        table.isEmpty() ? "| none | |\n" : table);
        Files.writeString(directory.resolve("README.md"), text);
    }

    private static String counts(Map<String, Long> kinds) {
        return kinds.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }
}
