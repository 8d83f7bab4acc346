package io.clientele.generate;

import io.clientele.generate.Person.Details;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Quarterly campaigns with control groups, and the consents they rest on, as Parquet. Only who agreed is contacted. */
final class CampaignChannel {
    private static final List<String> CONTACT_TEXTS =
            List.of("campaign_id", "contact_id", "customer_number", "email", "name", "channel");
    private static final List<String> CONSENT_TEXTS = List.of("customer_number", "email", "name", "purpose", "channel");
    private static final Instant FUTURE = Instant.parse("2099-06-01T10:00:00Z");

    private final Company company;

    CampaignChannel(Company company) {
        this.company = company;
    }

    /** One row: its texts, two instants (the second may be null), a cost (null where the file has none) and a flag. */
    private record Row(List<String> texts, Instant at, Instant respondedAt, Double cost, boolean flag) {
        Row with(int text, String value) {
            List<String> changed = new ArrayList<>(texts);
            changed.set(text, value);
            return new Row(changed, at, respondedAt, cost, flag);
        }
    }

    void write(Path directory, Faults faults) throws IOException {
        List<Row> consents = new ArrayList<>();
        TreeMap<Integer, List<String>> permitted = new TreeMap<>();
        for (Person person : company.people()) {
            if (person.customerNumber() != null || person.webAccount() != null) {
                permitted.put(person.index(), consent(person, consents));
            }
        }
        List<Row> contacts = new ArrayList<>();
        for (int quarter = 0; quarter < 4 * company.options().years(); quarter++) {
            contact(quarter, permitted, contacts);
        }
        plant("campaign-contacts", "campaign/contacts.parquet", contacts, 1, faults);
        plant("campaign-consents", "campaign/consents.parquet", consents, 1, faults);
        write(directory.resolve("campaign/contacts.parquet"), CONTACT_TEXTS, true, contacts);
        write(directory.resolve("campaign/consents.parquet"), CONSENT_TEXTS, false, consents);
    }

    /** Decisions for each channel; gives the channels that stay permitted throughout. */
    private List<String> consent(Person person, List<Row> consents) {
        Dice dice = company.dice("consent", person.index());
        List<String> permitted = new ArrayList<>();
        LocalDate on = person.joinedOn();
        for (String channel : List.of("email", "post")) {
            boolean isGranted = dice.chance(0.65);
            LocalDateTime at = on.atTime(dice.between(8, 20), dice.between(0, 59));
            consents.add(consent(person, channel, at, isGranted));
            LocalDate low = on.isBefore(company.options().startDate())
                    ? company.options().startDate()
                    : on;
            if (isGranted && dice.chance(0.10)) {
                LocalDate until =
                        dice.between(low.plusDays(1), company.options().endDate());
                consents.add(consent(person, channel, until.atTime(12, dice.between(0, 59)), false));
            } else if (isGranted) {
                permitted.add(channel);
            }
        }
        return permitted;
    }

    private Row consent(Person person, String channel, LocalDateTime at, boolean isGranted) {
        Details details = person.on(at.toLocalDate());
        company.truth().same("campaign-consents", key(person, details), person);
        List<String> texts = new ArrayList<>();
        texts.add(person.customerNumber());
        texts.addAll(List.of(details.email(), details.fullName(), "marketing", channel));
        return new Row(texts, at.toInstant(ZoneOffset.UTC), null, null, isGranted);
    }

    private static String key(Person person, Details details) {
        return person.customerNumber() == null ? details.email() : person.customerNumber();
    }

    private void contact(int quarter, TreeMap<Integer, List<String>> permitted, List<Row> contacts) {
        LocalDate on =
                company.options().startDate().plusMonths(3L * quarter + 1).plusDays(11);
        String campaign = "M" + on.getYear() + "-" + (on.getMonthValue() + 2) / 3;
        permitted.forEach((index, channels) -> {
            Person person = company.people().get(index);
            Dice dice = company.dice("campaign " + quarter, index);
            boolean hasLeft = person.leaving() != null
                    && person.leaving().on().plusDays(120).isBefore(on);
            if (channels.isEmpty() || person.joinedOn().isAfter(on) || hasLeft || !dice.chance(0.18)) {
                return;
            }
            boolean isControl = dice.chance(0.1);
            String channel = dice.pick(channels);
            Details details = person.on(on);
            company.truth().same("campaign-contacts", key(person, details), person);
            List<String> texts = new ArrayList<>(List.of(campaign, campaign + "-" + (index + 1)));
            texts.add(person.customerNumber());
            texts.addAll(List.of(details.email(), details.fullName(), channel));
            Instant at = on.atTime(7, dice.between(0, 59)).toInstant(ZoneOffset.UTC);
            boolean responds =
                    !isControl && dice.chance(Math.min(0.3, 12 / person.habits().meanGapDays()));
            Instant responded = responds ? at.plusSeconds(dice.between(600, 900_000)) : null;
            double cost = isControl ? 0 : channel.equals("post") ? 0.85 : 0.02;
            contacts.add(new Row(texts, at, responded, cost, isControl));
        });
    }

    private void plant(String source, String file, List<Row> rows, int key, Faults faults) {
        Dice dice = company.dice("faults " + source, 0);
        int each = company.faultsOfEachKind(rows.size(), 3);
        int good = rows.size();
        for (String kind : List.of("duplicate-record", "missing-key", "future-date")) {
            for (int i = 0; i < each; i++) {
                Row model = rows.get(dice.between(0, good - 1));
                Row faulty = switch (kind) {
                    case "duplicate-record" -> model;
                    case "missing-key" -> model.with(key, null).with(0, null);
                    default ->
                        new Row(
                                model.with(key, model.texts().get(key) + "-F").texts(),
                                FUTURE,
                                null,
                                model.cost(),
                                false);
                };
                rows.add(faulty);
                faults.add(file, rows.size(), kind);
            }
        }
    }

    private static void write(Path path, List<String> texts, boolean isContact, List<Row> rows) throws IOException {
        MessageType schema = schema(texts, isContact);
        SimpleGroupFactory groups = new SimpleGroupFactory(schema);
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(path);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(path))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.GZIP)
                .build()) {
            for (Row row : rows) {
                Group group = groups.newGroup();
                for (int i = 0; i < texts.size(); i++) {
                    if (row.texts().get(i) != null) {
                        group.add(texts.get(i), row.texts().get(i));
                    }
                }
                group.add(isContact ? "contacted_at" : "decided_at", micros(row.at()));
                group.add(isContact ? "is_control" : "is_granted", row.flag());
                if (row.cost() != null) {
                    group.add("cost", row.cost());
                }
                if (row.respondedAt() != null) {
                    group.add("responded_at", micros(row.respondedAt()));
                }
                writer.write(group);
            }
        }
        ParquetFooter.sort(path);
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000;
    }

    private static MessageType schema(List<String> texts, boolean isContact) {
        var instant = LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS);
        var builder = Types.buildMessage();
        for (String text : texts) {
            builder.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(text);
        }
        builder.optional(PrimitiveTypeName.INT64).as(instant).named(isContact ? "contacted_at" : "decided_at");
        builder.optional(PrimitiveTypeName.BOOLEAN).named(isContact ? "is_control" : "is_granted");
        if (isContact) {
            builder.optional(PrimitiveTypeName.DOUBLE).named("cost");
            builder.optional(PrimitiveTypeName.INT64).as(instant).named("responded_at");
        }
        return builder.named("row");
    }
}
