import org.jspecify.annotations.NullMarked;

/// The embedded demo model: its grammar, its training and its files.
@NullMarked
module dev.demur.toy {
  requires static transitive org.jspecify;
  requires transitive dev.demur.model;
  requires tools.jackson.databind;

  exports dev.demur.toy;
  exports dev.demur.toy.grammar to
      dev.demur.app;
  exports dev.demur.toy.text to
      dev.demur.app;
  exports dev.demur.toy.train to
      dev.demur.app;

  provides dev.demur.model.EmbeddedModels with
      dev.demur.toy.DemoModel.Carried;
}
