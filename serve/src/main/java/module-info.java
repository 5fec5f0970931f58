import org.jspecify.annotations.NullMarked;

/// The server. Only the command line uses it.
@NullMarked
module dev.demur.serve {
  requires static transitive org.jspecify;
  requires transitive dev.demur.lab;
  requires transitive dev.demur.model;
  requires dev.demur.toy;
  requires tools.jackson.databind;
  requires io.helidon.common.buffers;
  requires io.helidon.common.configurable;
  requires io.helidon.common.pki;
  requires io.helidon.common.socket;
  requires io.helidon.common.tls;
  requires io.helidon.http;
  requires io.helidon.webserver;
  requires io.prometheus.metrics.core;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;

  exports dev.demur.serve;
  exports dev.demur.serve.guard;
  exports dev.demur.serve.http;
  exports dev.demur.serve.meter;

  opens dev.demur.serve.answer to
      tools.jackson.databind;
  opens dev.demur.serve.api to
      tools.jackson.databind;
  opens dev.demur.serve.direct to
      tools.jackson.databind;
  opens dev.demur.serve.ollama to
      tools.jackson.databind;
  opens dev.demur.serve.openai to
      tools.jackson.databind;
  opens dev.demur.serve.registry to
      tools.jackson.databind;
  opens dev.demur.serve.study to
      tools.jackson.databind;
}
