package kubeproxy.config;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.config.v1alpha1.Logging;
import kubeproxy.config.v1alpha1.Logging.OutputRouting;
import kubeproxy.config.v1alpha1.Logging.VmoduleItem;

/// Checks the section `logging`. It comes before everything else, because all else is logged with
/// it. Field paths and messages are those of Kubernetes components.
final class LoggingValidation {
  private static final String TOO_VERBOSE = "Must be <= " + Integer.MAX_VALUE;

  private final FeatureGates gates;
  private final String root;
  private final List<FieldError> errors = new ArrayList<>();

  private LoggingValidation(FeatureGates gates, String root) {
    this.gates = gates;
    this.root = root;
  }

  /// All that is wrong.
  ///
  /// @param root path of the section
  static List<FieldError> errors(Logging logging, FeatureGates gates, String root) {
    LoggingValidation validation = new LoggingValidation(gates, root + ".");
    validation.section(logging);
    return List.copyOf(validation.errors);
  }

  private void section(Logging logging) {
    if (!logging.flushFrequency().isPositive()) {
      invalid("flushFrequency", logging.flushFrequency(), "Must be greater than zero");
    }
    format(logging.format());
    if (logging.verbosity() > Integer.MAX_VALUE) {
      invalid("verbosity", logging.verbosity(), TOO_VERBOSE);
    }
    if (!logging.vmodule().isEmpty() && !logging.format().equals("text")) {
      forbidden("vmodule", "Only supported for text log format");
    }
    for (int i = 0; i < logging.vmodule().size(); i++) {
      item("vmodule[" + i + "]", logging.vmodule().get(i));
    }
    routing("options.text.", logging.text());
    routing("options.json.", logging.json());
  }

  private void format(String format) {
    switch (format) {
      case "text" -> {}
      case "json" -> {
        if (!gates.enabled(FeatureGates.LOGGING_BETA_OPTIONS)) {
          forbidden("format", "Log format json is disabled, see LoggingBetaOptions feature");
        }
      }
      default -> invalid("format", format, "Unsupported log format");
    }
  }

  private void item(String path, VmoduleItem item) {
    if (item.filePattern().isEmpty()) {
      errors.add(FieldError.required(root + path, "File pattern must not be empty"));
    }
    if (item.filePattern().indexOf('=') >= 0 || item.filePattern().indexOf(',') >= 0) {
      invalid(path, item.filePattern(), "File pattern must not contain equal sign or comma");
    }
    if (item.verbosity() > Integer.MAX_VALUE) {
      invalid(path, item.verbosity(), TOO_VERBOSE);
    }
  }

  private void routing(String path, OutputRouting routing) {
    String disabled = "Feature LoggingAlphaOptions is disabled";
    boolean enabled = gates.enabled(FeatureGates.LOGGING_ALPHA_OPTIONS);
    if (routing.splitStream() && !enabled) {
      forbidden(path + "splitStream", disabled);
    }
    if (routing.infoBufferSize().wholeValue() != 0 && !enabled) {
      forbidden(path + "infoBufferSize", disabled);
    }
  }

  private void invalid(String field, Object value, String message) {
    errors.add(FieldError.invalid(root + field, value, message));
  }

  private void forbidden(String field, String message) {
    errors.add(FieldError.forbidden(root + field, message));
  }
}
