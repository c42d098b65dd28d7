using System.Globalization;
using System.Text.Json;
using Drover.Cli.Parsing;

namespace Drover.Cli.Output;

/// <summary>What <c>drover up</c> says: what it did and where.</summary>
internal static class UpText
{
    public static string Json(bool started, byte[] server, byte[]? project, byte[] link) => JsonText.Object(writer =>
    {
        writer.WriteBoolean("started", started);
        writer.WritePropertyName("server");
        writer.WriteRawValue(server);
        writer.WritePropertyName("project");
        if (project is null) writer.WriteNullValue();
        else writer.WriteRawValue(project);
        writer.WritePropertyName("login");
        writer.WriteRawValue(link);
    });

    public static void Write(bool started, byte[] server, byte[]? project, byte[] link, Call call)
    {
        using var facts = JsonDocument.Parse(server);
        using var login = JsonDocument.Parse(link);
        var pid = facts.RootElement.GetProperty("pid").GetInt32().ToString(CultureInfo.InvariantCulture);
        call.Output.WriteLine(started ? $"started     the server, pid {pid}" : $"running     already, pid {pid}");
        call.Output.WriteLine($"home        {call.Home.Path}");
        call.Output.WriteLine($"socket      {facts.RootElement.GetProperty("socket").GetString()}");
        call.Output.WriteLine($"log         {call.Home.LogFile}");
        if (project is not null) WriteProject(project, call.Output);
        call.Output.WriteLine($"page        {login.RootElement.GetProperty("url").GetString()}");
        call.Output.WriteLine("            (opens once, within a minute; 'drover open' makes another)");
        call.Output.WriteLine("next        drover ticket add --title \"…\"   then   drover run start KEY");
    }

    private static void WriteProject(byte[] json, TextWriter output)
    {
        using var project = JsonDocument.Parse(json);
        var root = project.RootElement;
        output.WriteLine($"project     {root.GetProperty("id").GetString()} ({root.GetProperty("prefix").GetString()}-…) in {Terminal.Line(root.GetProperty("root").GetString()!, 300)}");
    }
}
