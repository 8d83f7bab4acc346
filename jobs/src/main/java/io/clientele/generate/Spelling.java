package io.clientele.generate;

import io.clientele.generate.Person.Details;

/** How the same name, number or address is written differently from channel to channel. */
final class Spelling {
    private Spelling() {}

    /** Like {@code 0151 12345678}, {@code +49 151 12345678} or {@code 0049/151/12345678}; {@code style} picks one. */
    static String phone(Person person, Details details, int style) {
        String code = person.market().dialling();
        String body = details.phone().substring(1 + code.length());
        int area = body.length() > 9 ? 3 : 2;
        String head = body.substring(0, area);
        String tail = body.substring(area);
        return switch (style % 4) {
            case 0 -> details.phone();
            case 1 -> code.equals("1") ? "(" + head + ") " + tail : "0" + head + " " + tail;
            case 2 -> "+" + code + " " + head + " " + tail;
            default -> "00" + code + "/" + head + "/" + tail;
        };
    }

    /** The text with two neighbouring letters swapped. */
    static String swapped(String text, Dice dice) {
        if (text.length() < 4) {
            return text + "e";
        }
        int at = dice.between(1, text.length() - 3);
        return text.substring(0, at) + text.charAt(at + 1) + text.charAt(at) + text.substring(at + 2);
    }

    /** An address with a letter missing before the at sign. */
    static String misspelt(String email, Dice dice) {
        int at = dice.between(1, email.indexOf('@') - 1);
        return email.substring(0, at) + email.substring(at + 1);
    }
}
