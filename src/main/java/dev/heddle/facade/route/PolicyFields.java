package dev.heddle.facade.route;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.api.ContentPart;
import dev.heddle.facade.route.Route.Download;
import dev.heddle.facade.route.Route.HeaderField;
import dev.heddle.facade.route.Route.Upload;
import dev.heddle.rpc.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fields that the policy of a method names.
record PolicyFields(Policy policy, Descriptor request, Descriptor response) {
    /// @throws IllegalArgumentException if the policy names what is no field
    List<HeaderField> headerFields() {
        var fields = new ArrayList<HeaderField>();
        add("last-event-id", "resume_field", policy.resumeField(), fields);
        policy.download()
                .ifPresent(download -> {
                    add("range", "range_field", download.getRangeField(), fields);
                    add("if-range", "if_range_field", download.getIfRangeField(), fields);
                    add(
                            "if-none-match",
                            "if_none_match_field",
                            download.getIfNoneMatchField(),
                            fields);
                });
        return List.copyOf(fields);
    }

    Upload upload() {
        var upload = policy.upload().orElseGet(dev.heddle.api.Upload::getDefaultInstance);
        return new Upload(
                scalar("name_field", upload.getNameField()),
                scalar("size_field", upload.getSizeField()));
    }

    Optional<Download> download() {
        return policy.download()
                .map(download ->
                        new Download(
                                scalar("head_field", download.getHeadField()),
                                part(download.getPartField())));
    }

    private FieldDescriptor part(String name) {
        var field = response.findFieldByName(name);
        if (field == null
                || field.isRepeated()
                || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || !field.getMessageType().equals(ContentPart.getDescriptor())) {
            throw new IllegalArgumentException(
                    "part_field: \"%s\" (expected: a %s of %s)"
                            .formatted(
                                    name,
                                    ContentPart.getDescriptor().getFullName(),
                                    response.getFullName()));
        }
        return field;
    }

    private void add(String header, String option, String name, List<HeaderField> fields) {
        scalar(option, name).ifPresent(field -> fields.add(new HeaderField(header, field)));
    }

    private Optional<FieldPath> scalar(String option, String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(FieldPath.toScalar(request, name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(option, e.getMessage()), e);
        }
    }
}
