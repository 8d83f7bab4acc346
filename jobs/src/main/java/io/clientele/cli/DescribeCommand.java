package io.clientele.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.engine.Job;
import io.clientele.engine.JobGraph;
import io.clientele.engine.TableRef;
import io.clientele.jobs.WarehouseJobs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The job graph for people, programs and pictures; needs no Spark session. */
@Command(
        name = "describe",
        description = "Show the jobs, what they read and what they write.",
        mixinStandardHelpOptions = true)
final class DescribeCommand implements Callable<Integer> {
    /** How the graph is printed. */
    enum Format {
        TEXT,
        JSON,
        MERMAID
    }

    @Mixin
    private WarehouseOptions options;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Override
    public Integer call() throws Exception {
        JobGraph graph =
                WarehouseJobs.read(options.conf).graph(java.nio.file.Path.of("."), java.time.Instant.EPOCH, text -> {});
        switch (format) {
            case TEXT -> System.out.print(text(graph));
            case JSON -> System.out.println(json(graph));
            case MERMAID -> System.out.print(mermaid(graph));
        }
        return 0;
    }

    private static String text(JobGraph graph) {
        StringBuilder text = new StringBuilder();
        String stage = "";
        for (Job job : graph.jobs()) {
            if (!job.stage().equals(stage)) {
                stage = job.stage();
                text.append(stage).append('\n');
            }
            text.append("  %-24s -> %s%n".formatted(job.name(), names(job.writes())));
            if (!job.reads().isEmpty()) {
                text.append("  %-24s <- %s%n".formatted("", names(job.reads())));
            }
        }
        return text.toString();
    }

    private static String names(List<TableRef> tables) {
        return tables.stream().map(TableRef::sqlName).collect(Collectors.joining(", "));
    }

    private static String json(JobGraph graph) throws java.io.IOException {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode jobs = mapper.createArrayNode();
        for (Job job : graph.jobs()) {
            ObjectNode node = jobs.addObject();
            node.put("name", job.name());
            node.put("stage", job.stage());
            node.put("is_dated", job.isDated());
            job.reads().forEach(t -> node.withArray("reads").add(t.sqlName()));
            graph.upstream(job).forEach(n -> node.withArray("needs").add(n));
            for (TableRef table : job.writes()) {
                ObjectNode written = node.withArray("writes").addObject();
                written.put("table", table.sqlName());
                written.put("grain", table.grain());
                table.key().forEach(k -> written.withArray("key").add(k));
            }
        }
        return mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsString(mapper.createObjectNode().set("jobs", jobs));
    }

    private static String mermaid(JobGraph graph) {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        Map<String, List<Job>> stages =
                graph.jobs().stream().collect(Collectors.groupingBy(Job::stage, TreeMap::new, Collectors.toList()));
        stages.forEach((stage, jobs) -> {
            text.append("  subgraph ").append(stage).append('\n');
            jobs.forEach(j -> text.append("    ").append(j.name()).append('\n'));
            text.append("  end\n");
        });
        for (Job job : graph.jobs()) {
            graph.upstream(job)
                    .forEach(n -> text.append("  ")
                            .append(n)
                            .append(" --> ")
                            .append(job.name())
                            .append('\n'));
        }
        return text.toString();
    }
}
