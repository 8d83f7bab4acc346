package io.clientele.ingest.infer;

import java.util.List;

/**
 * Some records of a source, as text by column.
 *
 * @param format as a mapping names it
 * @param location as a mapping names it
 * @param options lines of YAML below {@code options}
 * @param columns of a record, and of the elements of its first array of records
 * @param array the name of that array; null: there is none
 * @param records how many records were looked at
 */
record Sample(String format, String location, List<String> options, List<Column> columns, String array, int records) {

    /**
     * A column.
     *
     * @param path names from the record down to the value; those of an array's elements start with {@code item}
     * @param type with which it is declared, as SQL names it
     * @param values what is not null, in the order of the records
     */
    record Column(List<String> path, String type, List<String> values) {
        /** How SQL refers to it. */
        String sql() {
            return String.join(".", path.stream().map(Column::tick).toList());
        }

        /** Whether it belongs to the elements of the array. */
        boolean isOfItem() {
            return path.size() > 1 && path.get(0).equals(ITEM);
        }

        /** Whether it stands in the record itself. */
        boolean isTop() {
            return path.size() == 1;
        }

        /** Whether it is declared as text, so that dates and numbers in it must be parsed. */
        boolean isText() {
            return type.equals("STRING");
        }

        static String tick(String name) {
            return name.matches("[A-Za-z][A-Za-z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
        }
    }

    /** The name of an array's element in the SQL of a mapping that explodes it. */
    static final String ITEM = "item";
}
