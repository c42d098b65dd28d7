using System.Text;
using System.Text.Json;

namespace Drover.Cli.Output;

internal static class JsonText
{
    /// <summary>What a failed command writes on standard error under <c>--json</c>.</summary>
    public static string Error(string code, int exitCode, string message) => Object(writer =>
    {
        writer.WriteString("code", code);
        writer.WriteNumber("exitCode", exitCode);
        writer.WriteString("detail", message);
    });

    public static string Object(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The server's JSON as it came, and a line's end.</summary>
    public static void Pass(byte[] json, TextWriter output) => output.WriteLine(Encoding.UTF8.GetString(json));
}
