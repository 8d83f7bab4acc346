package io.clientele.ingest.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** CSV whose quoted fields hold line breaks: each file is one task, which cuts it into records at unquoted line ends. */
final class MultiLineRecords {
    private static final StructType SCHEMA = StructType.fromDDL("bytes BINARY, source_file STRING, source_row BIGINT");

    private MultiLineRecords() {}

    static Dataset<Row> read(SparkSession session, List<DeliveredFile> files, char quote, long maxRecordBytes) {
        List<Row> rows = files.stream()
                .map(file -> RowFactory.create(file.path(), file.name()))
                .toList();
        SerializableConfiguration hadoop =
                new SerializableConfiguration(session.sessionState().newHadoopConf());
        return session.createDataFrame(rows, StructType.fromDDL("path STRING, name STRING"))
                .repartition(files.size())
                .flatMap(new Cut(hadoop, quote, maxRecordBytes), Encoders.row(SCHEMA))
                .selectExpr("CAST(bytes AS STRING) AS value", "source_file", "source_row");
    }

    private record Cut(SerializableConfiguration hadoop, char quote, long maxRecordBytes)
            implements FlatMapFunction<Row, Row>, Serializable {
        @Override
        public Iterator<Row> call(Row file) throws IOException {
            Configuration configuration = hadoop.value();
            return new Records(Header.open(file.getString(0), configuration), file.getString(1), quote, maxRecordBytes);
        }
    }

    private static final class Records implements Iterator<Row> {
        private final InputStream in;
        private final String name;
        private final char quote;
        private final long maxBytes;
        private long line = 1;
        private Row next;

        Records(InputStream in, String name, char quote, long maxBytes) throws IOException {
            this.in = in;
            this.name = name;
            this.quote = quote;
            this.maxBytes = maxBytes;
            this.next = cut();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Row next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            try {
                Row record = next;
                next = cut();
                return record;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(name, e);
            }
        }

        private Row cut() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            long start = line;
            boolean isQuoted = false;
            boolean isAtEnd = true;
            for (int b = in.read(); b >= 0; b = in.read()) {
                isAtEnd = false;
                isQuoted ^= b == quote;
                if (b == '\n') {
                    line++;
                    if (!isQuoted) {
                        break;
                    }
                }
                if (bytes.size() <= maxBytes) {
                    bytes.write(b);
                }
            }
            if (isAtEnd) {
                in.close();
                return null;
            }
            byte[] record = bytes.toByteArray();
            int length = record.length > 0 && record[record.length - 1] == '\r' ? record.length - 1 : record.length;
            return RowFactory.create(java.util.Arrays.copyOf(record, length), name, start);
        }
    }
}
