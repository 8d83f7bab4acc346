package io.clientele.ingest.mapping;

import io.clientele.engine.error.ClienteleException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ParseToTimestamp;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.runtime.AbstractPartialFunction;

/**
 * SQL texts of a source as columns. Whatever reads text as an instant ({@code to_timestamp}, {@code try_to_timestamp},
 * {@code CAST(... AS TIMESTAMP)}) takes wall times to be of the source's time zone; text that carries its own offset or
 * zone keeps it. A wall time in the hour that summer time skips is read as if the clock had not been changed (an hour
 * later); one in the hour that comes twice means the first. All else, for example {@code CAST(sold AS DATE)} or
 * {@code hour(sold)}, works in UTC.
 */
public final class Expressions {
  private static final Set<String> INSTANTS = Set.of("to_timestamp", "try_to_timestamp");

  private final org.apache.spark.sql.classic.SparkSession session;
  private final ZoneId zone;

  public Expressions(SparkSession session, ZoneId zone) {
    this.session = (org.apache.spark.sql.classic.SparkSession) session;
    this.zone = zone;
  }

  /** The text as a column, not yet resolved; a fault that {@link MappingCheck} would have found is a defect here. */
  public Column column(String sql) {
    try {
      return parse(sql);
    } catch (ParseException e) {
      throw ClienteleException.defect("Unchecked SQL in a mapping: " + sql, e);
    }
  }

  Column parse(String sql) throws ParseException {
    Expression parsed = session.sessionState().sqlParser().parseExpression(sql);
    return ExpressionUtils.column(parsed.transformUp(new InZone(Option.apply(zone.getId()))));
  }

  private static final class InZone extends AbstractPartialFunction<Expression, Expression> {
    private final Option<String> zone;

    InZone(Option<String> zone) {
      this.zone = zone;
    }

    @Override
    public boolean isDefinedAt(Expression expression) {
      return isInstantFunction(expression) || isInstantCast(expression);
    }

    @Override
    public Expression apply(Expression expression) {
      if (expression instanceof Cast cast) {
        return new Cast(cast.child(), cast.dataType(), zone, cast.evalMode());
      }
      var arguments = ((UnresolvedFunction) expression).arguments();
      Option<Expression> format = arguments.size() == 2 ? Option.apply(arguments.apply(1)) : Option.empty();
      return new ParseToTimestamp(arguments.apply(0), format, DataTypes.TimestampType, zone, false);
    }

    private static boolean isInstantCast(Expression expression) {
      return expression instanceof Cast cast && cast.dataType().equals(DataTypes.TimestampType) && cast.timeZoneId().isEmpty();
    }

    private static boolean isInstantFunction(Expression expression) {
      return expression instanceof UnresolvedFunction function
          && function.nameParts().size() == 1
          && INSTANTS.contains(function.nameParts().apply(0).toLowerCase(Locale.ROOT))
          && (function.arguments().size() == 1 || function.arguments().size() == 2);
    }
  }
}
