package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Methods of dictionaries, lists and tuples that change nothing.
final class CollectionMethods {

  private CollectionMethods() {}

  static Optional<Invocable> of(Dict dict, String name) {
    return switch (name) {
      case "keys" -> Optional.of((_, a) -> view(dict, DictView.Kind.KEYS, a));
      case "values" -> Optional.of((_, a) -> view(dict, DictView.Kind.VALUES, a));
      case "items" -> Optional.of((_, a) -> view(dict, DictView.Kind.ITEMS, a));
      case "get" ->
          Optional.of(
              (_, a) -> {
                Arguments.Bound bound = a.bind("get", "key", "default");
                return dict.get(bound.required("key")).orElse(bound.get("default", None.NONE));
              });
      case "copy" ->
          Optional.of(
              (rendering, a) -> {
                a.bind("copy");
                rendering.allocateItems(4L * dict.size());
                Dict copy = new Dict();
                copy.putAll(dict);
                return copy;
              });
      case "fromkeys" -> Optional.of(Globals::fromKeys);
      default -> Optional.empty();
    };
  }

  private static DictView view(Dict dict, DictView.Kind kind, Arguments arguments) {
    DictView view = new DictView(dict, kind);
    arguments.bind(view.typeName());
    return view;
  }

  static Optional<Invocable> of(List<Object> items, String name) {
    return switch (name) {
      case "count" ->
          Optional.of(
              (rendering, a) -> {
                Object wanted = a.single("count");
                Comparisons comparisons = new Comparisons(rendering);
                return items.stream().filter(item -> comparisons.equal(item, wanted)).count();
              });
      case "index" -> Optional.of((rendering, a) -> index(rendering, items, a));
      case "copy" ->
          Optional.of(
              (rendering, a) -> {
                a.bind("copy");
                rendering.allocateItems(items.size());
                return new ArrayList<>(items);
              });
      default -> Optional.empty();
    };
  }

  private static Object index(Rendering rendering, List<Object> items, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("index", "value", "start", "stop");
    Comparisons comparisons = new Comparisons(rendering);
    int from = position(bound.integer("start", 0), items.size());
    int to = position(bound.integer("stop", Integer.MAX_VALUE), items.size());
    for (int i = from; i < to; i++) {
      if (comparisons.equal(items.get(i), bound.required("value"))) {
        return (long) i;
      }
    }
    throw TemplateException.wrongValue(Printer.named(bound.required("value")) + " is not in list");
  }

  private static int position(long index, int size) {
    return Math.clamp(index < 0 ? index + size : index, 0, size);
  }
}
