package io.clientele.identity;

import static org.apache.spark.sql.functions.udf;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Phone numbers in E.164. A function of our own, because no built-in one knows the numbering plans of the world. */
public final class PhoneNumbers {
    private PhoneNumbers() {}

    /**
     * From a number as written and a region (two letters, used where the number has no country code) to E.164; null for what
     * is no possible number.
     */
    public static final UserDefinedFunction TO_E164 =
            udf((UDF2<String, String, String>) PhoneNumbers::toE164, DataTypes.StringType);

    static String toE164(String number, String region) {
        if (number == null || number.isBlank()) {
            return null;
        }
        PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
        try {
            PhoneNumber parsed = plans.parse(number, region);
            return plans.isPossibleNumber(parsed) ? plans.format(parsed, PhoneNumberFormat.E164) : null;
        } catch (NumberParseException e) {
            return null;
        }
    }
}
