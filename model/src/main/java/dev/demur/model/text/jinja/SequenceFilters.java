package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Filters that order, group and count.
final class SequenceFilters {

  static final Map<String, Filters.Filter> ALL = new HashMap<>();

  static {
    ALL.put("length", (r, v, a) -> length(v, a));
    ALL.put("count", (r, v, a) -> length(v, a));
    ALL.put("first", (r, v, a) -> first(Values.iterator(v), "No first item, sequence was empty."));
    ALL.put("last", SequenceFilters::last);
    ALL.put("list", (r, v, a) -> Values.list(r, v));
    ALL.put("join", SequenceFilters::join);
    ALL.put("sort", SequenceFilters::sort);
    ALL.put("dictsort", SequenceFilters::dictSort);
    ALL.put("reverse", SequenceFilters::reverse);
    ALL.put("unique", SequenceFilters::unique);
    ALL.put("min", (r, v, a) -> extreme(r, v, a, -1));
    ALL.put("max", (r, v, a) -> extreme(r, v, a, 1));
    ALL.put("sum", SequenceFilters::sum);
    ALL.put("batch", SequenceFilters::batch);
    ALL.put("slice", SequenceFilters::slice);
    ALL.put("groupby", SequenceFilters::groupBy);
    ALL.put("items", SequenceFilters::items);
    ALL.put(
        "random",
        (r, v, a) -> {
          throw new TemplateException(
              "the random filter is not supported: output must be repeatable");
        });
  }

  private SequenceFilters() {}

  private static Object length(Object value, Arguments arguments) {
    arguments.bind("length");
    return (long) Values.length(value);
  }

  private static Object first(Iterator<Object> values, String problem) {
    return values.hasNext() ? values.next() : new Undefined(problem);
  }

  private static Object last(Rendering rendering, Object value, Arguments arguments) {
    if (value instanceof Generator) {
      throw TemplateException.wrongType("'generator' object is not reversible");
    }
    List<Object> values = Values.list(rendering, value);
    Collections.reverse(values);
    return first(values.iterator(), "No last item, sequence was empty.");
  }

  private static Object join(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", "d", "attribute");
    AttributePath path = path(bound, false);
    String separator = Printer.str(rendering, bound.get("d", ""));
    Output output = new Output(rendering);
    String between = "";
    Iterator<Object> values = Values.iterator(value);
    while (values.hasNext()) {
      rendering.step();
      output.write(between);
      output.write(Printer.str(rendering, path.in(rendering, values.next())));
      between = separator;
    }
    return output.text();
  }

  private static AttributePath path(Arguments.Bound bound, boolean ignoresCase) {
    return AttributePath.of(bound.get("attribute", None.NONE), Optional.empty(), ignoresCase);
  }

  private static Object sort(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    List<AttributePath> paths =
        AttributePath.several(bound.get("attribute", None.NONE), !bound.flag("case_sensitive"));
    return sorted(
        rendering,
        Values.list(rendering, value),
        item -> {
          rendering.allocateItems(paths.size());
          List<Object> key = new ArrayList<>();
          paths.forEach(path -> key.add(path.in(rendering, item)));
          return key;
        },
        bound.flag("reverse"));
  }

  private record Keyed(Object key, Object value) {}

  /// A stable sort; with `reverse` equal values keep their order too.
  private static List<Object> sorted(
      Rendering rendering,
      List<Object> values,
      java.util.function.UnaryOperator<Object> key,
      boolean reverse) {
    Comparisons comparisons = new Comparisons(rendering);
    List<Keyed> keyed = new ArrayList<>();
    values.forEach(value -> keyed.add(new Keyed(key.apply(value), value)));
    Comparator<Keyed> order = (a, b) -> comparisons.compare(a.key(), b.key());
    keyed.sort(reverse ? order.reversed() : order);
    List<Object> result = new ArrayList<>();
    keyed.forEach(entry -> result.add(entry.value()));
    return result;
  }

  private static Object dictSort(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    int position =
        switch (Printer.str(rendering, bound.get("by", "key"))) {
          case "key" -> 0;
          case "value" -> 1;
          default ->
              throw new TemplateException(
                  "FilterArgumentError: You can only sort by either \"key\" or \"value\"");
        };
    if (!(value instanceof Dict dict)) {
      throw Undefined.attribute(value, "items").failure();
    }
    boolean ignoresCase = !bound.flag("case_sensitive");
    return sorted(
        rendering,
        dict.items(),
        item -> {
          Object part = ((Tuple) item).items().get(position);
          return ignoresCase ? AttributePath.lower(rendering, part) : part;
        },
        bound.flag("reverse"));
  }

  private static Object reverse(Rendering rendering, Object value, Arguments arguments) {
    arguments.bind("reverse");
    if (Values.isText(value)) {
      rendering.allocate(Values.text(value).length());
      return new StringBuilder(Values.text(value)).reverse().toString();
    }
    if (Values.iteratorIfAny(value).isEmpty()) {
      throw new TemplateException("FilterArgumentError: argument must be iterable");
    }
    List<Object> values = Values.list(rendering, value);
    Collections.reverse(values);
    return value instanceof Generator ? values : Generator.of(values);
  }

  private static Object unique(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    AttributePath path = path(bound, !bound.flag("case_sensitive"));
    Iterator<Object> values = Values.iterator(value);
    Set<Object> seen = new HashSet<>();
    List<Object> result = new ArrayList<>();
    while (values.hasNext()) {
      rendering.step();
      Object item = values.next();
      if (seen.add(Dict.identity(path.in(rendering, item), 0))) {
        result.add(item);
      }
    }
    rendering.allocateItems(result.size());
    return Generator.of(result);
  }

  private static Object extreme(Rendering rendering, Object value, Arguments arguments, int sign) {
    Arguments.Bound bound = arguments.bind("min", "case_sensitive", "attribute");
    AttributePath path = path(bound, !bound.flag("case_sensitive"));
    Comparisons comparisons = new Comparisons(rendering);
    Iterator<Object> values = Values.iterator(value);
    Optional<Keyed> best = Optional.empty();
    while (values.hasNext()) {
      Object item = values.next();
      Keyed keyed = new Keyed(path.in(rendering, item), item);
      if (best.isEmpty() || comparisons.compare(keyed.key(), best.get().key()) * sign > 0) {
        best = Optional.of(keyed);
      }
    }
    return best.map(Keyed::value).orElse(new Undefined("No aggregated item, sequence was empty."));
  }

  private static Object sum(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
    AttributePath path = path(bound, false);
    Arithmetic arithmetic = new Arithmetic(rendering);
    Object sum = bound.get("start", 0L);
    if (Values.isText(sum)) {
      throw TemplateException.wrongType("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Object> values = Values.iterator(value);
    while (values.hasNext()) {
      rendering.step();
      sum = arithmetic.apply("+", sum, path.in(rendering, values.next()));
    }
    return sum;
  }

  private static Object batch(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
    Object fill = bound.get("fill_with", None.NONE);
    bound.required("linecount");
    long size = bound.integer("linecount", 1);
    List<Object> batches = new ArrayList<>();
    List<Object> batch = new ArrayList<>();
    for (Object item : Values.list(rendering, value)) {
      if (batch.size() == size) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(item);
    }
    if (!batch.isEmpty()) {
      long missing = fill == None.NONE ? 0 : Math.max(0, size - batch.size());
      rendering.allocateItems(missing);
      batch.addAll(Collections.nCopies((int) missing, fill));
      batches.add(batch);
    }
    return Generator.of(batches);
  }

  private static Object slice(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
    Object fill = bound.get("fill_with", None.NONE);
    bound.required("slices");
    long slices = bound.integer("slices", 1);
    if (slices == 0) {
      throw new TemplateException("ZeroDivisionError: integer division or modulo by zero");
    }
    rendering.allocateItems(Math.max(0, slices));
    List<Object> items = Values.list(rendering, value);
    int each = (int) (items.size() / Math.max(1, slices));
    int longer = (int) (items.size() % Math.max(1, slices));
    List<Object> result = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < slices; i++) {
      int to = from + each + (i < longer ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(from, to));
      if (fill != None.NONE && i >= longer) {
        part.add(fill);
      }
      result.add(part);
      from = to;
    }
    return Generator.of(result);
  }

  private static Object groupBy(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    Optional<Object> byDefault = bound.get("default").filter(d -> d != None.NONE);
    Object attribute = bound.required("attribute");
    AttributePath key = AttributePath.of(attribute, byDefault, !bound.flag("case_sensitive"));
    AttributePath shown = AttributePath.of(attribute, byDefault, false);
    Comparisons comparisons = new Comparisons(rendering);
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    List<Object> sorted =
        sorted(rendering, Values.list(rendering, value), item -> key.in(rendering, item), false);
    for (Object item : sorted) {
      boolean same =
          !group.isEmpty()
              && comparisons.equal(key.in(rendering, group.getFirst()), key.in(rendering, item));
      if (!same) {
        group = new ArrayList<>();
        Object name = shown.in(rendering, item);
        groups.add(new Tuple(List.of(name, group), List.of("grouper", "list")));
      }
      group.add(item);
    }
    return groups;
  }

  private static Object items(Rendering rendering, Object value, Arguments arguments) {
    arguments.bind("items");
    return switch (value) {
      case Undefined undefined -> Generator.empty();
      case Dict dict -> Generator.of(dict.items());
      default -> throw TemplateException.wrongType("Can only get item pairs from a mapping.");
    };
  }
}
