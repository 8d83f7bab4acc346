package io.clientele.engine;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.columnar.CachedBatch;
import org.apache.spark.sql.columnar.CachedBatchSerializer;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.unsafe.Platform;
import scala.Function2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Keeps the rows of {@link Reuse} as operators hand them on, one behind the other. Spark's own way takes them apart into columns
 * and puts them together again at each use; that pays where rows are kept for long and few columns are asked for, while here
 * a job's rows are used a few times, most of them whole.
 *
 * <p>Set as {@code spark.sql.cache.serializer}.
 */
public final class RowBatches implements CachedBatchSerializer {
    private static final long serialVersionUID = 1;

    private static final int FIRST_BYTES = 4 << 10;
    private static final int FULL_BYTES = 1 << 20;
    /** Before each row stands its size; a row is a multiple of eight bytes, and so stays aligned. */
    private static final int SIZE_BYTES = 8;

    /** @param bytes per row its size in bytes, as a whole number of eight bytes, and the row as an {@link UnsafeRow} */
    @SuppressWarnings("ArrayRecordComponent") // Not compared; a copy would double what is kept.
    private record Batch(byte[] bytes, int numRows) implements CachedBatch, Serializable {
        @Override
        public long sizeInBytes() {
            return bytes.length;
        }
    }

    @Override
    public boolean supportsColumnarInput(Seq<Attribute> schema) {
        return false;
    }

    @Override
    public boolean supportsColumnarOutput(StructType schema) {
        return false;
    }

    @Override
    public RDD<CachedBatch> convertInternalRowToCachedBatch(
            RDD<InternalRow> input, Seq<Attribute> schema, StorageLevel storageLevel, SQLConf conf) {
        DataType[] types = CollectionConverters.asJava(schema).stream()
                .map(Attribute::dataType)
                .toArray(DataType[]::new);
        return input.toJavaRDD()
                .mapPartitions(rows -> (Iterator<CachedBatch>) new Packing(rows, types))
                .rdd();
    }

    @Override
    public RDD<InternalRow> convertCachedBatchToInternalRow(
            RDD<CachedBatch> input, Seq<Attribute> kept, Seq<Attribute> selected, SQLConf conf) {
        int width = kept.size();
        if (isSame(kept, selected)) {
            return input.toJavaRDD()
                    .mapPartitions(batches -> (Iterator<InternalRow>) new Unpacking(batches, width, null))
                    .rdd();
        }
        @SuppressWarnings("unchecked")
        Seq<Expression> columns = (Seq<Expression>) (Seq<?>) selected;
        return input.toJavaRDD()
                .mapPartitions(batches ->
                        (Iterator<InternalRow>) new Unpacking(batches, width, UnsafeProjection.create(columns, kept)))
                .rdd();
    }

    private static boolean isSame(Seq<Attribute> kept, Seq<Attribute> selected) {
        return CollectionConverters.asJava(kept).stream()
                .map(Attribute::exprId)
                .toList()
                .equals(CollectionConverters.asJava(selected).stream()
                        .map(Attribute::exprId)
                        .toList());
    }

    /** All batches: none knows what its columns hold. */
    @Override
    public Function2<Object, scala.collection.Iterator<CachedBatch>, scala.collection.Iterator<CachedBatch>>
            buildFilter(Seq<Expression> predicates, Seq<Attribute> kept) {
        return (Function2<Object, scala.collection.Iterator<CachedBatch>, scala.collection.Iterator<CachedBatch>>
                        & Serializable)
                (partition, batches) -> batches;
    }

    @Override
    public RDD<CachedBatch> convertColumnarBatchToCachedBatch(
            RDD<ColumnarBatch> input, Seq<Attribute> schema, StorageLevel storageLevel, SQLConf conf) {
        throw new IllegalStateException("columns are not taken: see supportsColumnarInput");
    }

    @Override
    public RDD<ColumnarBatch> convertCachedBatchToColumnarBatch(
            RDD<CachedBatch> input, Seq<Attribute> kept, Seq<Attribute> selected, SQLConf conf) {
        throw new IllegalStateException("columns are not given: see supportsColumnarOutput");
    }

    private static final class Packing implements Iterator<CachedBatch> {
        private final Iterator<InternalRow> rows;
        private final DataType[] types;
        private UnsafeProjection toUnsafe;

        private Packing(Iterator<InternalRow> rows, DataType[] types) {
            this.rows = rows;
            this.types = types;
        }

        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public CachedBatch next() {
            if (!rows.hasNext()) {
                throw new NoSuchElementException();
            }
            byte[] bytes = new byte[FIRST_BYTES];
            int end = 0;
            int count = 0;
            while (end < FULL_BYTES && rows.hasNext()) {
                UnsafeRow row = unsafe(rows.next());
                int size = row.getSizeInBytes();
                int next = Math.addExact(end, SIZE_BYTES + size);
                if (next > bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(next, 2L * end)));
                }
                Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + end, size);
                row.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + end + SIZE_BYTES);
                end = next;
                count++;
            }
            return new Batch(end == bytes.length ? bytes : Arrays.copyOf(bytes, end), count);
        }

        private UnsafeRow unsafe(InternalRow row) {
            if (row instanceof UnsafeRow given) {
                return given;
            }
            if (toUnsafe == null) {
                toUnsafe = UnsafeProjection.create(types);
            }
            return toUnsafe.apply(row);
        }
    }

    /** Gives one and the same row object again and again, as Spark's scans do. */
    private static final class Unpacking implements Iterator<InternalRow> {
        private final Iterator<CachedBatch> batches;
        private final UnsafeProjection projection;
        private final UnsafeRow row;
        private byte[] bytes = {};
        private int at;

        private Unpacking(Iterator<CachedBatch> batches, int width, UnsafeProjection projection) {
            this.batches = batches;
            this.row = new UnsafeRow(width);
            this.projection = projection;
        }

        @Override
        public boolean hasNext() {
            while (at == bytes.length && batches.hasNext()) {
                bytes = ((Batch) batches.next()).bytes();
                at = 0;
            }
            return at < bytes.length;
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int size = (int) Platform.getLong(bytes, Platform.BYTE_ARRAY_OFFSET + at);
            row.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET + at + SIZE_BYTES, size);
            at += SIZE_BYTES + size;
            return projection == null ? row : projection.apply(row);
        }
    }
}
