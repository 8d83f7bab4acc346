package io.clientele.jobs;

import io.clientele.engine.TableRef;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One source of a subject.
 *
 * @param raw its delivered records
 * @param rows from its raw records to rows of the subject; leaves out what is not accepted
 */
record SubjectSource(TableRef raw, UnaryOperator<Dataset<Row>> rows) {}
