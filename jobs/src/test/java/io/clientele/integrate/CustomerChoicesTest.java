package io.clientele.integrate;

import static io.clientele.integrate.Given.at;
import static io.clientele.integrate.Given.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import io.clientele.warehouse.CoreTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

@FewRows
class CustomerChoicesTest {
    private static Map<String, Object> line(String sale, int number, String customer, String product, String amount) {
        return row(
                "source",
                "shop",
                "sale_id",
                sale,
                "line_number",
                number,
                "sold_on",
                "2024-01-02",
                "sold_at",
                at(2),
                "customer_id",
                customer,
                "product_id",
                product,
                "net_amount",
                amount,
                "is_return",
                amount.startsWith("-"),
                "channel",
                "store",
                "store",
                sale.equals("3") ? "Linz" : "Graz");
    }

    private static Dataset<Row> products(String categoryOfP) {
        return Given.of(
                CoreTables.PRODUCT.schema(),
                List.of(
                        product("p", categoryOfP, false, true),
                        product("p", "old", false, false),
                        product("s", "fees", true, true)));
    }

    private static Map<String, Object> product(String id, String category, boolean isService, boolean isCurrent) {
        return row(
                "product_id",
                id,
                "valid_from",
                at(1),
                "category",
                category,
                "is_service",
                isService,
                "is_current",
                isCurrent);
    }

    @Test
    void salesAreCountedByChoiceAndBySource() {
        Dataset<Row> lines = Given.of(
                CoreTables.SALE_LINE.schema(),
                List.of(
                        line("1", 1, "C-a", "p", "10"),
                        line("1", 2, "C-a", "p", "5"),
                        line("1", 3, "C-a", "s", "4"),
                        line("2", 1, "C-a", "p", "-10"),
                        line("3", 1, "C-a", "unknown", "1"),
                        line("4", 1, null, "p", "7")));

        assertThat(Given.sorted(CustomerChoices.of(lines, products("toys")).drop("customer_id", "sold_on")))
                .as(
                        "a sale counts once per choice; services and unknown products have no category, returns only count in the"
                                + " net amount")
                .containsExactly(
                        "[category,toys,1,15.0000,5.0000,null,null]",
                        "[channel,store,2,20.0000,null,null,null]",
                        "[source,shop,2,20.0000,null,null,null]",
                        "[store,Graz,1,19.0000,null,null,null]",
                        "[store,Linz,1,1.0000,null,null,null]");
        assertThat(Given.sorted(CustomerChoices.sourceDays(lines)))
                .containsExactly("[shop,2024-01-02,3,2,27.0000,20.0000]");
    }

    @Test
    void onlyProductsThatAreClassedOtherwiseCount() {
        List<Map<String, Object>> changes = new ArrayList<>();
        changes.add(change(product("p", "toys", false, true), "update_preimage"));
        changes.add(change(product("p", "toys", false, true), "update_postimage"));
        changes.add(change(product("s", "fees", true, true), "insert"));
        Dataset<Row> changed = Given.of(CoreTables.PRODUCT.schema().add("_change_type", DataTypes.StringType), changes);

        assertThat(Given.sorted(CustomerChoices.reclassed(changed, products("toys"))))
                .as("a new cost is none")
                .containsExactly("[s]");
        assertThat(Given.sorted(CustomerChoices.reclassed(changed, products("garden"))))
                .containsExactly("[p]", "[s]");
    }

    private static Map<String, Object> change(Map<String, Object> product, String type) {
        product.put("_change_type", type);
        return product;
    }
}
