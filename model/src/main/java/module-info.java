import org.jspecify.annotations.NullMarked;

/// A chat model that you can look inside and edit.
///
/// The face is `dev.demur.model` with the rooms its methods speak of: hooks, forward passes,
/// generation, tensors, text, files and the hub. The rooms behind it serve Demur's other modules.
@NullMarked
module dev.demur.model {
  requires static transitive org.jspecify;
  requires static jdk.incubator.vector;
  requires java.net.http;
  requires jdk.management;
  requires transitive tools.jackson.databind;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.openblas;
  requires org.bytedeco.pytorch;

  exports dev.demur.model;
  exports dev.demur.model.arch;
  exports dev.demur.model.format;
  exports dev.demur.model.forward;
  exports dev.demur.model.generate;
  exports dev.demur.model.hook;
  exports dev.demur.model.hub;
  exports dev.demur.model.remedy;
  exports dev.demur.model.tensor;
  exports dev.demur.model.text;
  exports dev.demur.model.arch.family to
      dev.demur.lab,
      dev.demur.toy,
      dev.demur.app;
  exports dev.demur.model.arch.writer to
      dev.demur.lab,
      dev.demur.app;
  exports dev.demur.model.format.folder to
      dev.demur.lab,
      dev.demur.toy,
      dev.demur.app;
  exports dev.demur.model.format.gguf to
      dev.demur.lab,
      dev.demur.app;
  exports dev.demur.model.format.lora to
      dev.demur.lab,
      dev.demur.app;
  exports dev.demur.model.format.quant to
      dev.demur.lab;
  exports dev.demur.model.format.safetensors to
      dev.demur.lab,
      dev.demur.toy,
      dev.demur.app;
  exports dev.demur.model.kernel to
      dev.demur.lab;
  exports dev.demur.model.local to
      dev.demur.lab,
      dev.demur.toy,
      dev.demur.serve,
      dev.demur.app;
  exports dev.demur.model.web to
      dev.demur.lab,
      dev.demur.app;

  uses dev.demur.model.EmbeddedModels;
}
