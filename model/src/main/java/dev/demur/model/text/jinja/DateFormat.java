package dev.demur.model.text.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.Map;

/// Python's `strftime` in the C locale.
final class DateFormat {

  private static final Map<Character, String> COMPOUND =
      Map.of(
          'c', "%a %b %e %H:%M:%S %Y",
          'D', "%m/%d/%y",
          'x', "%m/%d/%y",
          'F', "%Y-%m-%d",
          'T', "%H:%M:%S",
          'X', "%H:%M:%S",
          'R', "%H:%M",
          'r', "%I:%M:%S %p");

  private DateFormat() {}

  static String format(Rendering rendering, String format, LocalDateTime time) {
    Output output = new Output(rendering);
    int position = 0;
    while (position < format.length()) {
      char c = format.charAt(position++);
      if (c != '%' || position == format.length()) {
        output.write(String.valueOf(c));
        continue;
      }
      boolean unpadded = format.charAt(position) == '-' && position + 1 < format.length();
      if (unpadded) {
        position++;
      }
      char directive = format.charAt(position++);
      String compound = COMPOUND.getOrDefault(directive, "");
      String value =
          compound.isEmpty() ? directive(directive, time) : format(rendering, compound, time);
      output.write(unpadded ? value.replaceFirst("^[0 ]+(?=.)", "") : value);
    }
    return output.text();
  }

  private static String directive(char directive, LocalDateTime time) {
    int hour12 = time.get(ChronoField.CLOCK_HOUR_OF_AMPM);
    int weekday = time.getDayOfWeek().getValue();
    return switch (directive) {
      case 'Y' -> String.valueOf(time.getYear());
      case 'y' -> two(time.getYear() % 100);
      case 'C' -> two(time.getYear() / 100);
      case 'm' -> two(time.getMonthValue());
      case 'd' -> two(time.getDayOfMonth());
      case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
      case 'j' -> String.format(Locale.ROOT, "%03d", time.getDayOfYear());
      case 'H' -> two(time.getHour());
      case 'k' -> String.format(Locale.ROOT, "%2d", time.getHour());
      case 'I' -> two(hour12);
      case 'l' -> String.format(Locale.ROOT, "%2d", hour12);
      case 'M' -> two(time.getMinute());
      case 'S' -> two(time.getSecond());
      case 'f' -> String.format(Locale.ROOT, "%06d", time.getNano() / 1000);
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'P' -> time.getHour() < 12 ? "am" : "pm";
      case 'a' -> named("EEE", time);
      case 'A' -> named("EEEE", time);
      case 'b', 'h' -> named("MMM", time);
      case 'B' -> named("MMMM", time);
      case 'u' -> String.valueOf(weekday);
      case 'w' -> String.valueOf(weekday % 7);
      case 'U' -> two((time.getDayOfYear() + 6 - weekday % 7) / 7);
      case 'W' -> two((time.getDayOfYear() + 6 - (weekday + 6) % 7) / 7);
      case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'G' -> String.valueOf(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> two(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      // The time has no zone.
      case 'Z', 'z' -> "";
      default -> "%" + directive;
    };
  }

  private static String two(int value) {
    return String.format(Locale.ROOT, "%02d", value);
  }

  private static String named(String pattern, LocalDateTime time) {
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
  }
}
