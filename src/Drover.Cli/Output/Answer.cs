using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Drover.Api;
using Drover.Cli.Parsing;

namespace Drover.Cli.Output;

/// <summary>Prints what the server has answered: as it came under <c>--json</c>, else in words.</summary>
internal static class Answer
{
    public static int Show<T>(this Call call, byte[] answer, JsonTypeInfo<T> type, Action<T, TextWriter> write) where T : class
    {
        if (call.Json) JsonText.Pass(answer, call.Output);
        else write(JsonSerializer.Deserialize(answer, type)!, call.Output);
        return ExitCodes.Done;
    }

    /// <summary>The same in a line or a few, made safe for a terminal.</summary>
    public static int Say<T>(this Call call, byte[] answer, JsonTypeInfo<T> type, Func<T, string> say) where T : class =>
        call.Show(answer, type, (read, output) => output.WriteLine(Terminal.Plain(say(read))));
}
