using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Drover.Bench.Measuring;

namespace Drover.Bench;

/// <summary>The figures as a table for people or as JSON lines for programs.</summary>
internal sealed class Report(TextWriter output, bool json)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private int _failed;

    public int Failed => _failed;

    /// <param name="machine">What was measured on.</param>
    /// <param name="calibrators">What the machine needs now for what all machines can do.</param>
    public void Open(string machine, string calibrators)
    {
        if (json) Object(writer =>
        {
            writer.WriteString("machine", machine);
            writer.WriteString("calibrators", calibrators);
        });
        else output.WriteLine($"{machine}\n{calibrators}\n\n{"",-3} {"figure",-52} {"measured",12} {"",-13} {"calibrator",18} {"ratio",7} {"target",8}        {"peers",-42} limit");
    }

    public void Add(Figure figure)
    {
        if (figure.Passes == false) _failed++;
        if (json) Object(writer => Write(writer, figure));
        else Line(figure);
    }

    public void Broken(string bench, string why)
    {
        _failed++;
        if (json) Object(writer =>
        {
            writer.WriteString("bench", bench);
            writer.WriteString("broken", why);
        });
        else output.WriteLine($"{bench,-3} could not be run: {why}");
    }

    private void Line(Figure f)
    {
        var beside = f.Beside is { } b ? $"{b.Calibrator} {Short(b.Milliseconds)} ms" : "";
        var ratio = f.Beside is { } r ? Short(r.Ratio) : "";
        var target = f.Target is { } t ? "≤ " + Short(t) : "";
        var verdict = f.Passes switch { true => "ok", false => "MISSED", null => "" };
        output.WriteLine($"{f.Bench,-3} {f.Name,-52} {Short(f.Value),12} {f.Unit,-13} {beside,18} {ratio,7} {target,8} {verdict,-6} {f.Peer,-42} {f.Limit}".TrimEnd());
    }

    private static void Write(Utf8JsonWriter writer, Figure f)
    {
        writer.WriteString("bench", f.Bench);
        writer.WriteString("figure", f.Name);
        writer.WriteNumber("value", f.Value);
        writer.WriteString("unit", f.Unit);
        if (f.Beside is { } beside)
        {
            writer.WriteString("calibrator", beside.Calibrator);
            writer.WriteNumber("calibratorMs", beside.Milliseconds);
            writer.WriteNumber("ratio", beside.Ratio);
        }

        if (f.Target is { } target) writer.WriteNumber("target", target);
        if (f.Passes is { } passes) writer.WriteBoolean("passes", passes);
        writer.WriteString("peers", f.Peer);
        writer.WriteString("limit", f.Limit);
    }

    private void Object(Action<Utf8JsonWriter> members)
    {
        using var line = new MemoryStream();
        using (var writer = new Utf8JsonWriter(line, Readable))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(line.ToArray()));
    }

    private static string Short(double value) => value.ToString(Math.Abs(value) switch { < 10 => "0.00", < 100 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
}
