package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deliveries of facts through the whole program. Sale lines follow who their customer is: lines of someone not known yet, of
 * someone who turns out to be another customer, and of someone who became one and then the other before lines were looked at
 * again. Of a record that came again with another content the last delivery counts, whatever the files are called and however
 * often it came before facts were looked at, and what it does not say any more is gone, unless another record says it.
 */
@FewRows
class FactDeliveriesTest {
    private static final String HEADER = "number,changed_at,family,email\n";
    private static final String OF_CUSTOMERS = "load_crm,customer_record,identity";
    private static final String ALL = OF_CUSTOMERS + ",load_shop,sale_line";

    @TempDir
    Path root;

    private Program program;

    @BeforeEach
    void configuration() throws IOException {
        program = new Program(root);
        program.file("conf/clientele.yml", "company-name: Test\n");
        program.file("conf/sources/crm.yml", """
                channel: crm
                location: crm/*.csv
                format: csv
                schema: { number: STRING, changed_at: STRING, family: STRING, email: STRING }
                time-zone: UTC
                currency: EUR
                parse: { changed: "to_timestamp(changed_at, 'yyyy-MM-dd')" }
                key: [number, changed_at]
                subjects:
                  customer:
                    columns:
                      source_customer_key: number
                      recorded_at: changed
                      family_name: family
                      email: email
                """);
        program.file("conf/sources/shop.yml", """
                channel: web
                location: shop/*.csv
                format: csv
                schema: { sale: STRING, at: STRING, who: STRING, amount: STRING }
                time-zone: UTC
                currency: EUR
                parse: { sold: "to_timestamp(at, 'yyyy-MM-dd')" }
                key: [sale]
                amount: "CAST(amount AS DECIMAL(18,4))"
                subjects:
                  sale_line:
                    customer-of: crm
                    columns:
                      sale_id: sale
                      line_number: "1"
                      sold_at: sold
                      product_id: "'p'"
                      quantity: "1"
                      net_amount: CAST(amount AS DECIMAL(18,4))
                      source_customer_key: who
                """);
    }

    @Test
    void followTheirCustomers() throws IOException {
        program.file("crm/a.csv", HEADER + "0,2024-01-01,Other,other@x.org\n");
        program.file(
                "shop/a.csv",
                "sale,at,who,amount\ns1,2024-03-01,1,10\ns2,2024-03-01,2,20\ns3,2024-03-01,,30\ns4,2024-03-01,0,40\n");
        run(ALL);
        assertThat(lines()).isEqualTo("[s1,crm|1,null] [s2,crm|2,null] [s3,null,null] [s4,crm|0,crm|0]");

        program.file("crm/b.csv", HEADER + "1,2024-04-01,Meier,one@x.org\n");
        run(OF_CUSTOMERS);
        program.file("crm/c.csv", HEADER + "1,2024-05-01,Other,other@x.org\n2,2024-05-01,Huber,two@x.org\n");
        run(ALL);
        assertThat(lines())
                .as("the first became somebody and then somebody else, the second became known")
                .isEqualTo("[s1,crm|1,crm|0,crm|1] [s2,crm|2,crm|2] [s3,null,null] [s4,crm|0,crm|0,crm|1]");

        program.file("crm/d.csv", HEADER + "2,2024-06-01,Other,other@x.org\n");
        run(ALL);
        assertThat(lines())
                .as("the second turned out to be somebody else")
                .isEqualTo("[s1,crm|1,crm|0,crm|1,crm|2] [s2,crm|2,crm|0,crm|1,crm|2] [s3,null,null]"
                        + " [s4,crm|0,crm|0,crm|1,crm|2]");
    }

    @Test
    void takeTheirLastCorrection() throws IOException {
        program.file("conf/sources/orders.yml", """
                channel: web
                location: orders/*.jsonl
                format: json
                schema: { id: STRING, at: STRING, lines: "ARRAY<STRUCT<amount: STRING>>" }
                time-zone: UTC
                currency: EUR
                parse: { sold: "to_timestamp(at, 'yyyy-MM-dd')" }
                key: [id]
                subjects:
                  sale_line:
                    explode: lines
                    columns:
                      sale_id: id
                      line_number: item_number
                      sold_at: sold
                      product_id: "'p'"
                      quantity: "1"
                      net_amount: CAST(item.amount AS DECIMAL(18,4))
                """);
        program.file("conf/sources/calls.yml", """
                channel: call_centre
                location: calls/*.csv
                format: csv
                schema: { id: STRING, changed_at: STRING, topic: STRING }
                time-zone: UTC
                currency: EUR
                parse: { changed: "to_timestamp(changed_at, 'yyyy-MM-dd')" }
                key: [id, changed_at]
                subjects:
                  service_case:
                    columns:
                      case_id: id
                      kind: "'contact'"
                      topic: topic
                      opened_at: changed
                """);
        String load = "load_orders,load_calls";
        String all = "load_crm,customer_record,identity," + load + ",sale_line,service_case";
        program.file("crm/a.csv", HEADER + "0,2024-01-01,Other,other@x.org\n");
        program.file("orders/z.jsonl", order("o1", 10, 20) + order("o2", 30));
        program.file("calls/z.csv", "id,changed_at,topic\nc1,2024-03-01,first\n");
        run(all);
        assertThat(program.rows("SELECT sale_id, line_number, net_amount FROM core.sale_line ORDER BY 1, 2"))
                .containsExactly("[o1,1,10.0000]", "[o1,2,20.0000]", "[o2,1,30.0000]");

        program.file("orders/y.jsonl", order("o1", 11, 21, 31) + order("o3", 40, 50));
        program.file("calls/y.csv", "id,changed_at,topic\nc1,2024-03-02,second\n");
        run(load);
        program.file("orders/x.jsonl", order("o1", 12) + order("o3", 41));
        program.file("calls/x.csv", "id,changed_at,topic\nc1,2024-03-03,third\n");
        run(all);
        assertThat(program.rows("SELECT sale_id, line_number, net_amount FROM core.sale_line ORDER BY 1, 2"))
                .containsExactly("[o1,1,12.0000]", "[o2,1,30.0000]", "[o3,1,41.0000]");
        assertThat(program.rows("SELECT case_id, topic FROM core.service_case")).containsExactly("[c1,third]");
    }

    @Test
    void keepWhatAnotherRecordSays() throws IOException {
        program.file("conf/sources/calls.yml", """
                channel: call_centre
                location: calls/*.csv
                format: csv
                schema: { change: STRING, at: STRING, id: STRING, topic: STRING }
                time-zone: UTC
                currency: EUR
                parse: { changed: "to_timestamp(at, 'yyyy-MM-dd')" }
                key: [change]
                subjects:
                  service_case:
                    columns:
                      case_id: id
                      kind: "'contact'"
                      topic: topic
                      opened_at: changed
                """);
        String all = "load_crm,customer_record,identity,load_calls,service_case";
        String header = "change,at,id,topic\n";
        program.file("crm/a.csv", HEADER + "0,2024-01-01,Other,other@x.org\n");
        program.file(
                "calls/a.csv",
                header + "1,2024-03-01,c1,first of c1\n2,2024-03-02,c1,second of c1\n3,2024-03-01,d1,first of d1\n"
                        + "4,2024-03-02,d1,second of d1\n5,2024-03-02,e1,of e1\n");
        run(all);
        assertThat(cases()).containsExactly("[c1,second of c1]", "[d1,second of d1]", "[e1,of e1]");

        // 1 never was the last word on c1, 4 was that on d1, and of e1 nothing else is known.
        program.file(
                "calls/b.csv",
                header + "1,2024-03-01,c2,first of c1\n4,2024-03-02,d2,second of d1\n5,2024-03-02,e2,of e1\n");
        run(all);
        assertThat(cases())
                .containsExactly(
                        "[c1,second of c1]", "[c2,first of c1]", "[d1,first of d1]", "[d2,second of d1]", "[e2,of e1]");
    }

    private List<String> cases() {
        return program.rows("SELECT case_id, topic FROM core.service_case ORDER BY 1");
    }

    private static String order(String id, int... amounts) {
        return "{\"id\":\"%s\",\"at\":\"2024-03-01\",\"lines\":[%s]}\n"
                .formatted(
                        id,
                        Arrays.stream(amounts)
                                .mapToObj(a -> "{\"amount\":\"" + a + "\"}")
                                .collect(Collectors.joining(",")));
    }

    /** Each sale line, its record, and all records of its customer now. */
    private String lines() {
        return String.join(
                " ",
                program.rows(
                        "SELECT concat_ws(',', sale_id, coalesce(concat(customer_source, '|', source_customer_key), 'null'),"
                                + " coalesce(records, 'null')) FROM core.sale_line LEFT JOIN (SELECT customer_id,"
                                + " array_join(array_sort(collect_list(record_key)), ',') AS records FROM core.identity WHERE"
                                + " is_current GROUP BY customer_id) USING (customer_id) ORDER BY sale_id"));
    }

    private void run(String jobs) {
        Program.Answer answer = program.command("run", "--input", root.toString(), "--jobs", jobs);
        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
    }
}
