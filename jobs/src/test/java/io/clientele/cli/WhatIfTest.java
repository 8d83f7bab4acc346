package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What-ifs through the whole program, on a shop of 120 customers whose answers are worked out by hand. */
@FewRows
class WhatIfTest {
    private static final String SHOP = """
        channel: web
        location: in/shop.csv
        format: csv
        schema: { id: STRING, card: STRING, day: STRING, amount: STRING, discount: STRING, bringer: STRING }
        currency: EUR
        parse: { money: "CAST(amount AS DECIMAL(18,4))", sold: "to_timestamp(day, 'yyyy-MM-dd')" }
        key: [id]
        subjects:
          sale_line:
            columns: { sale_id: id, line_number: "1", source_customer_key: card, product_id: "'P'", sold_at: sold,
                       quantity: "1", net_amount: money, cost_amount: money * 0.5, discount_amount: "CAST(discount AS DECIMAL(18,4))",
                       is_delivered: "true" }
          customer:
            columns: { source_customer_key: card, recorded_at: sold, loyalty_card: card, referred_by_key: bringer }
          product:
            columns: { product_id: "'P'", recorded_at: sold, name: "'P'", category: "'all'" }
        """;
    private static final String CAMPAIGN = """
        channel: campaign
        location: in/contacts.csv
        format: csv
        schema: { id: STRING, card: STRING, day: STRING, control: STRING, answer: STRING }
        currency: EUR
        parse: { at: "to_timestamp(day, 'yyyy-MM-dd')" }
        key: [id]
        subjects:
          campaign_contact:
            customer-of: shop
            columns: { campaign_id: "'S'", contact_id: id, source_customer_key: card, contacted_at: at, channel: "'mail'",
                       cost_amount: "CAST(0.5 AS DECIMAL(18,4))", is_control: control = 'y',
                       responded_at: "IF(answer = 'y', at, NULL)" }
        """;

    @TempDir
    Path folder;

    private String said;

    @Test
    void computesOnTheShopsOwnFigures() throws Exception {
        SharedSpark.session();
        file("conf/sources/shop.yml", SHOP);
        file("conf/sources/mail.yml", CAMPAIGN);
        file("conf/jobs/customer-contribution.yml", "delivery-cost-amount: 1\n");
        assertThat(clientele("whatif", "move")).isEqualTo(2);
        assertThat(said).contains("There is no warehouse in ");
        StringBuilder sales = new StringBuilder("id,card,day,amount,discount,bringer\n");
        StringBuilder contacts = new StringBuilder("id,card,day,control,answer\n");
        for (int c = 0; c < 120; c++) {
            // Two buy for 1,000, six for 500, eighteen for 200, the others for 20; half is cost, a delivery costs 1.
            int amount = c < 2 ? 1000 : c < 8 ? 500 : c < 26 ? 200 : 20;
            sales.append(
                    "s%d,K%03d,2025-03-%02d,%d,0,%s%n".formatted(c, c, 1 + c % 28, amount, c == 119 ? "K000" : ""));
            contacts.append("m%d,K%03d,2025-03-29,n,%s%n".formatted(c, c, c % 4 == 0 ? "y" : "n"));
            contacts.append("k%d,K%03d,2025-03-29,y,%s%n".formatted(c, c, c % 20 == 0 ? "y" : "n"));
        }
        file("in/shop.csv", sales.toString());
        file("in/contacts.csv", contacts.toString());
        assertThat(clientele("run", "--input", folder.toString(), "--as-of", "2025-03-31"))
                .as(said)
                .isZero();

        // The shares 1, 4 and 15 % of 120 take in everybody at the cut point: 2 top, 6 big, 18 medium, 94 small.
        assertThat(clientele("whatif", "move", "--percent", "50")).as(said).isZero();
        assertThat(said)
                .contains("as of 2025-03-31")
                .containsPattern("small +medium +47 of 94 +8460.00 +4230.00")
                .containsPattern("medium +big +9 of 18 +2700.00 +1350.00")
                .containsPattern("big +top +3 of 6 +1500.00 +750.00")
                .containsPattern("inactive +small +- +- +- +nobody is in inactive")
                .contains("Sales 10480.00 +12660.00 (+120.8 %), profit 5060.00 +6330.00 (+125.1 %).");

        assertThat(clientele("whatif", "budget", "--amount", "20")).as(said).isZero();
        // A quarter answers, a twentieth of the control group too: 20 % more.
        assertThat(said)
                .contains("If 20 were spent on campaign contacts")
                .containsPattern("lead +\\d+ +\\d+\\.\\d+ +0.5000 +\\d+ +\\d+\\.00 +-?\\d+\\.\\d\\d +own rates")
                .contains("stays unspent.")
                .doesNotContain("NaN");

        assertThat(clientele("whatif", "retention", "--points", "5")).as(said).isZero();
        assertThat(said).contains("If retention rose by 5 points").doesNotContain("NaN");
        assertThat(clientele("whatif", "retention", "--discount", "0")).isEqualTo(2);
        assertThat(said).contains("--discount: expected a number from 0.1 to 100, found 0.0");
        assertThat(clientele("whatif", "move", "--as-of", "2020-01-01")).isEqualTo(2);
        assertThat(said)
                .contains("No customer is valued as of 2020-01-01: a what-if needs mart.value_segment;"
                        + " run 'clientele run --as-of 2020-01-01' first.");

        assertThat(clientele(
                        "sql",
                        "SELECT s.current_value_amount, s.count_referrals, s.referral_value_amount, c.campaign_cost_amount,"
                                + " c.left_out FROM mart.value_segment s JOIN mart.customer_contribution c USING (customer_id)"
                                + " WHERE s.count_referrals > 0 ORDER BY 1",
                        "--format",
                        "json"))
                .isZero();
        assertThat(said)
                .as("1,000 less 500 of goods, a delivery and a contact; the one brought leaves 20 - 10 - 1 - 0.5")
                .contains("{\"current_value_amount\":498.50,\"count_referrals\":1,\"referral_value_amount\":8.50,"
                        + "\"campaign_cost_amount\":0.50,\"left_out\":[\"service cases: no source gives them\","
                        + "\"bad debt: no source gives invoices\"]}");
    }

    private void file(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private int clientele(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of(
                "--conf",
                folder.resolve("conf").toString(),
                "--warehouse",
                folder.resolve("warehouse").toString()));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        System.setOut(caught);
        System.setErr(caught);
        try {
            return ClienteleCommand.execute(line.toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
            said = bytes.toString(StandardCharsets.UTF_8);
            System.out.println(said);
        }
    }
}
