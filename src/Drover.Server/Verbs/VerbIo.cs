using System.Text.Json;
using Drover.Api;

namespace Drover.Server.Verbs;

/// <summary>What a verb that needs no running server is given: where the user stands, and where to answer.</summary>
internal sealed record VerbIo(string Directory, DroverHome Home, TextWriter Output, TextWriter Errors)
{
    public static VerbIo OfProcess() => new(
#pragma warning disable RS0030 // The one place where the server's program asks for the current directory; from here on it is passed.
        System.IO.Directory.GetCurrentDirectory(),
#pragma warning restore RS0030
        DroverHome.FromEnvironment(), Console.Out, Console.Error);

    /// <summary>Says why nothing was done, in the form that the command line uses for all its errors, and gives the exit code back.</summary>
    public int Fail(VerbArguments arguments, int exitCode, string code, string message) => Fail(arguments.Json, exitCode, code, message);

    /// <inheritdoc cref="Fail(VerbArguments, int, string, string)"/>
    public int Fail(bool json, int exitCode, string code, string message)
    {
        if (json)
        {
            Errors.WriteLine(JsonLine.Object(error =>
            {
                error.WriteString("code", code);
                error.WriteNumber("exitCode", exitCode);
                error.WriteString("detail", message);
            }));
        }
        else
        {
            Errors.WriteLine($"drover: {message}");
        }

        return exitCode;
    }
}

internal static class JsonLine
{
    private static readonly JsonWriterOptions Layout = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object on one line, for scripts.</summary>
    public static string Object(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Layout))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
