package io.clientele.identity;

import static io.clientele.integrate.Given.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.integrate.Given;
import io.clientele.warehouse.CoreTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionsTest {
    private static final String HEADING =
            "decision,source,source_customer_key,other_source,other_source_customer_key,reason\n";
    private static final Dataset<Row> NONE = Given.of(CoreTables.IDENTITY.schema(), List.of());

    @TempDir
    private Path folder;

    @Test
    void aStewardOutweighsIssuedNumbersAndWhatIsMissing() throws IOException {
        Decisions decisions = read("must-link,crm,1,web,2,\"called, same person\"\ncannot-link,crm,3,web,4,twins\n");
        Dataset<Row> identity = Identities.resolve(
                Given.records(List.of(
                        record("crm|1", 1),
                        record("web|2", 2),
                        record("crm|3", 1, "loyalty_card", "L"),
                        record("web|4", 2, "loyalty_card", "L"))),
                NONE,
                MatchConfig.defaults(),
                decisions);
        Map<String, Row> rows = new TreeMap<>();
        identity.collectAsList().forEach(r -> rows.put(r.getAs("record_key"), r));
        assertThat(rows.get("web|2").<String>getAs("customer_id"))
                .isEqualTo(rows.get("crm|1").getAs("customer_id"));
        assertThat(rows.get("web|2").<String>getAs("match_rule")).isEqualTo("steward");
        assertThat(rows.get("web|4").<String>getAs("customer_id"))
                .isNotEqualTo(rows.get("crm|3").getAs("customer_id"));
    }

    @Test
    void contradictionsAreRefusedWithTheirLines() {
        assertThatThrownBy(() -> read("must-link,a,1,b,2,\nmust-link,b,2,c,3,\ncannot-link,a,1,c,3,\n"))
                .hasMessage(
                        "%s: line 4 (cannot-link a|1, c|3) contradicts line 2 (must-link a|1, b|2) with line 3 (must-link b|2,"
                                + " c|3): remove one of them.",
                        file());
    }

    @Test
    void linesThatAreNotUnderstoodAreNamedTogether() {
        assertThatThrownBy(() -> read("link,a,1,b,2,\nmust-link,a,,b,2,\n"))
                .hasMessage(
                        "%s: line 2: expected must-link or cannot-link, found 'link'; line 3: expected two records, each a source"
                                + " and a source_customer_key",
                        file());
    }

    @Test
    void unknownRecordsAreNamed() throws IOException {
        Decisions decisions = read("must-link,crm,1,web,9,\ncannot-link,till,7,crm,1,\n");
        assertThatThrownBy(() -> Identities.resolve(
                        Given.records(List.of(record("crm|1", 1))), NONE, MatchConfig.defaults(), decisions))
                .hasMessage(
                        "%s names records that no source delivered: till|7, web|9; expected source and source_customer_key of"
                                + " core.customer_record.",
                        file());
    }

    @Test
    void addedLinesAreReadAgainUnlessTheyContradict() throws IOException {
        DecisionsFile.addCannotLinks(file(), List.of(List.of("crm|1", "web|a,b"), List.of("crm|1", "web|2")), "no");
        assertThat(Files.readString(file()))
                .isEqualTo(HEADING + "cannot-link,crm,1,web,\"a,b\",no\ncannot-link,crm,1,web,2,no\n");
        assertThat(DecisionsFile.read(file()).all())
                .containsExactly(
                        new Decisions.Decision(2, false, "crm|1", "web|a,b", "no"),
                        new Decisions.Decision(3, false, "crm|1", "web|2", "no"));
        Files.writeString(file(), HEADING + "must-link,crm,1,web,2,\n");
        assertThatThrownBy(() -> DecisionsFile.addCannotLinks(file(), List.of(List.of("crm|1", "web|2")), ""))
                .hasMessageContaining("contradicts line 2 (must-link crm|1, web|2)");
        assertThat(Files.readString(file())).isEqualTo(HEADING + "must-link,crm,1,web,2,\n");
    }

    private Path file() {
        return folder.resolve(DecisionsFile.NAME);
    }

    private Decisions read(String lines) throws IOException {
        Files.writeString(file(), HEADING + lines);
        return DecisionsFile.read(file());
    }
}
