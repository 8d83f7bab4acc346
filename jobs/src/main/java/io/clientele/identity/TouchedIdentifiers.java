package io.clientele.identity;

import static org.apache.spark.sql.functions.col;

import io.clientele.engine.Reuse;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What changed records bring to identifiers. Holders are counted over all records, but only of the identifiers that changed
 * records hold or held.
 *
 * @param weak rows of {@link io.clientele.warehouse.IdentityTables#WEAK_IDENTIFIER}
 * @param holders {@code record_key} of the unchanged records with a touched identifier that is evidence, or was
 */
record TouchedIdentifiers(Dataset<Row> weak, Dataset<Row> holders) {
    private static final String[] IDENTIFIER = {"identifier", "value"};

    /**
     * @param unchanged all other records
     * @param before the changed records as they were; without those that are new
     * @param changed as they are now
     * @param weak weak identifiers so far
     */
    static TouchedIdentifiers of(
            Dataset<Row> unchanged, Dataset<Row> before, Dataset<Row> changed, Dataset<Row> weak, MatchConfig config) {
        Dataset<Row> former = IdentifierUse.held(before);
        Dataset<Row> own = IdentifierUse.held(changed);
        Dataset<Row> touched =
                Reuse.settled(former.union(own).select("identifier", "value").distinct());
        Dataset<Row> others =
                Reuse.settled(IdentifierUse.held(unchanged).join(touched, Identities.using(IDENTIFIER), "left_semi"));
        Dataset<Row> sharedNow = Reuse.settled(IdentifierUse.shared(own.unionByName(others), config));
        Dataset<Row> sharedBefore = IdentifierUse.shared(former.unionByName(others), config);
        Dataset<Row> evidence = sharedNow
                .where(col("reason").isNull())
                .select("identifier", "value")
                .union(sharedBefore.where(col("reason").isNull()).select("identifier", "value"));
        return new TouchedIdentifiers(
                Reuse.settled(weak.join(touched, Identities.using(IDENTIFIER), "left_anti")
                        .unionByName(sharedNow.where(IdentifierUse.isWeak()))),
                others.join(evidence, Identities.using(IDENTIFIER), "left_semi").select("record_key"));
    }
}
