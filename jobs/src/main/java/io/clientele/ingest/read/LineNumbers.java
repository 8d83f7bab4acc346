package io.clientele.ingest.read;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.spark_partition_id;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.FileScanRDD;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Numbers the lines of text files exactly, also where a file is split over several tasks. Spark numbers the rows of a task;
 * what is added is the number of lines before the task's block. Where every task reads one whole file that is known to be
 * zero; else a first pass counts the lines of each block.
 */
final class LineNumbers {
    private static final StructType BLOCKS =
            StructType.fromDDL("_path STRING, _start BIGINT, _file STRING, _add BIGINT");

    private LineNumbers() {}

    /** The path as Spark's metadata has it, the number of the block's first row and how many there are. */
    private record Counted(String path, long first, long lines) {}

    private record Block(int task, String path, long start) {
        /** Spark writes local paths with one slash here and with three there. */
        Block {
            path = path.replaceFirst("^file:/+", "file:///");
        }
    }

    /**
     * The lines with {@code source_file} and {@code source_row}, which are not computed again further up: the columns are
     * non-deterministic, so that filters stay above them.
     *
     * @param lines a plain scan of text files, nothing applied
     * @param encodedNames the name of each file by its encoded path
     */
    static Dataset<Row> number(Dataset<Row> lines, Map<String, String> encodedNames) {
        Map<String, String> names = new HashMap<>();
        encodedNames.forEach((path, name) -> names.put(new Block(0, path, 0).path(), name));
        List<List<Block>> tasks = tasks(lines);
        boolean hasOneBlockEach = tasks.stream().allMatch(blocks -> blocks.size() == 1);
        boolean isWhole = hasOneBlockEach
                && tasks.stream().allMatch(blocks -> blocks.get(0).start() == 0);
        Column inTask = monotonically_increasing_id().bitwiseAND(lit((1L << 33) - 1));
        if (isWhole) {
            return lines.select(
                    col("value"),
                    element_at(
                                    lit(tasks.stream()
                                            .map(b -> names.get(b.get(0).path()))
                                            .toArray(String[]::new)),
                                    task())
                            .as("source_file"),
                    inTask.plus(1).as("source_row"));
        }
        Map<Block, Counted> counted = count(lines);
        Map<Block, Long> before = linesBefore(counted);
        if (hasOneBlockEach) {
            String[] files = tasks.stream().map(b -> names.get(b.get(0).path())).toArray(String[]::new);
            long[] add = tasks.stream()
                    .mapToLong(b -> before.getOrDefault(b.get(0), 0L))
                    .toArray();
            return lines.select(
                    col("value"),
                    element_at(lit(files), task()).as("source_file"),
                    inTask.plus(element_at(lit(add), task())).plus(1).as("source_row"));
        }
        List<Row> rows = new ArrayList<>();
        counted.forEach((block, first) -> rows.add(RowFactory.create(
                first.path(), block.start(), names.get(block.path()), before.get(block) - first.first() + 1)));
        Dataset<Row> offsets = lines.sparkSession().createDataFrame(rows, BLOCKS);
        return lines.select(
                        col("value"),
                        col("_metadata.file_path").as("_path"),
                        col("_metadata.file_block_start").as("_start"),
                        monotonically_increasing_id().as("_id"))
                .join(broadcast(offsets), new String[] {"_path", "_start"})
                .select(
                        col("value"),
                        col("_file").as("source_file"),
                        col("_id").plus(col("_add")).as("source_row"));
    }

    private static Column task() {
        return spark_partition_id().plus(1);
    }

    private static Map<Block, Counted> count(Dataset<Row> lines) {
        Map<Block, Counted> counted = new HashMap<>();
        lines.select(
                        spark_partition_id().as("task"),
                        col("_metadata.file_path").as("path"),
                        col("_metadata.file_block_start").as("start"),
                        monotonically_increasing_id().as("id"))
                .groupBy("task", "path", "start")
                .agg(min("id"), functions.count(lit(1)))
                .collectAsList()
                .forEach(row -> counted.put(
                        new Block(row.getInt(0), row.getString(1), row.getLong(2)),
                        new Counted(row.getString(1), row.getLong(3), row.getLong(4))));
        return counted;
    }

    private static Map<Block, Long> linesBefore(Map<Block, Counted> counted) {
        Map<Block, Long> before = new HashMap<>();
        Map<String, Long> total = new HashMap<>();
        counted.keySet().stream()
                .sorted(java.util.Comparator.comparing(Block::path).thenComparingLong(Block::start))
                .forEach(block -> {
                    long lines = total.getOrDefault(block.path(), 0L);
                    before.put(block, lines);
                    total.put(block.path(), lines + counted.get(block).lines());
                });
        return before;
    }

    private static List<List<Block>> tasks(Dataset<Row> lines) {
        var plan = ((org.apache.spark.sql.classic.Dataset<Row>) lines)
                .queryExecution()
                .executedPlan();
        FileSourceScanExec scan = (FileSourceScanExec) plan.collectLeaves().head();
        FileScanRDD rdd = (FileScanRDD) scan.inputRDD();
        List<List<Block>> tasks = new ArrayList<>();
        var partitions = rdd.filePartitions().iterator();
        while (partitions.hasNext()) {
            FilePartition partition = partitions.next();
            List<Block> blocks = new ArrayList<>();
            for (PartitionedFile file : partition.files()) {
                blocks.add(new Block(partition.index(), file.urlEncodedPath(), file.start()));
            }
            tasks.add(blocks);
        }
        return tasks;
    }
}
