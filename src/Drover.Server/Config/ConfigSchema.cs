using System.Text.Json;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>The JSON schema of <c>drover.yaml</c>, for editors. It is made of the table of keys that the file is read with; what needs more than one key
/// to judge (a roster without coder, a name given twice) only the reader itself tells.</summary>
internal static class ConfigSchema
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyList<string> adapters)
    {
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "Settings of a Drover project (drover.yaml)" };
        foreach (var (name, value) in new ProjectKeys(adapters, "").Section.Schema()) schema[name] = value?.DeepClone();
        return schema.ToJsonString(Layout) + "\n";
    }
}
