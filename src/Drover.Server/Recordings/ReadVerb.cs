using Drover.Agents;
using Drover.Agents.Reading;
using Drover.Api;
using Drover.Core;
using Drover.Server.Config;
using Drover.Server.Verbs;

namespace Drover.Server.Recordings;

/// <summary><c>drover agents read</c>: what Drover makes of a recorded stream of an agent.</summary>
internal static class ReadVerb
{
    private static readonly string Usage = $"""
        usage: drover agents read --adapter NAME FILE [--exit CODE] [--stderr FILE] [--json]

        Prints, as JSON lines, the events that Drover makes of a recorded stream, and last a line of the type "ended" with outcome, class, retryable and resetsAt.
        FILE (- for standard input) is what an agent wrote, or both directions as lines of the form t_ms, dir (in or out), msg; the file itself tells which.

          --adapter NAME   whose stream it is: {string.Join(", ", Sources.Names)}
          --exit CODE      how the agent's process ended: its exit code, 128 + signal when a signal ended it; without it that is unknown
          --stderr FILE    the end of its standard error
          --json           errors as JSON, for scripts; the events are JSON anyway
        """;

    public static int Run(string[] args, VerbIo io, Func<Stream> standardInput)
    {
        if (VerbArguments.Read(args, Usage, [], ["--adapter", "--exit", "--stderr"], io, out var exitCode) is not { } arguments) return exitCode;
        if (arguments["--adapter"] is not { } name) return io.Fail(arguments, ExitCodes.Usage, "usage", $"--adapter NAME is needed: {string.Join(", ", Sources.Names)}");
        if (Sources.Find(name) is not { } source) return io.Fail(arguments, ExitCodes.Usage, "unknown_adapter", Unknown(name));
        if (arguments.Place is not { } place) return io.Fail(arguments, ExitCodes.Usage, "usage", $"the recording's FILE is needed, or - for standard input\n{Usage}");
        int? code = null;
        if (arguments["--exit"] is { } given)
        {
            if (!int.TryParse(given, out var parsed) || parsed is < -64 or > 255) return io.Fail(arguments, ExitCodes.Usage, "usage", $"--exit takes an exit code from 0 to 255, or a negative number for a signal; not '{given}'");
            code = parsed < 0 ? 128 - parsed : parsed;
        }

        var shown = place == "-" ? "standard input" : place;
        var reading = arguments["--stderr"] ?? shown;
        try
        {
            var errors = arguments["--stderr"] is { } path ? RecordedFile.Tail(Path.GetFullPath(path, io.Directory)) : "";
            reading = shown;
            using var stream = place == "-" ? standardInput() : RecordedFile.Open(Path.GetFullPath(place, io.Directory));
            return Print(source, RecordedFile.Lines(stream), new(code, errors), shown, arguments, io);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            return io.Fail(arguments, ExitCodes.Failed, e is FileNotFoundException or DirectoryNotFoundException ? "no_file" : "not_read", $"{reading} cannot be read: {e.Message}");
        }
    }

    private static int Print(Source source, RecordedFile file, Departure departure, string shown, VerbArguments arguments, VerbIo io)
    {
        TurnEnding? last = null;
        List<(int Line, string Why)> malformed = [];
        var (read, odd) = (0, 0);
        var reader = Reader.Open(source, Recording.Of(file.Kept));
        foreach (var (line, e) in reader.Read(departure))
        {
            if (e is AgentEvent.TurnEnded ended) last = ended.Ending;
            if (line is { } number && e is AgentEvent.Malformed bad) malformed.Add((number, bad.Why));
            else if (line is not null && e is AgentEvent.Raw) odd++;
            else if (line is not null) read++;
            io.Output.WriteLine(EventLines.Of(line, e, MessageOf(e) is { } message && reader.IsSteer(message)));
        }

        io.Output.WriteLine(EventLines.Ended(file.Kept.Count == 0 ? Silent(last, departure) : last));
        if (read == 0 && malformed.Count > 0)
            return io.Fail(arguments, ExitCodes.Failed, "not_a_recording", $"{shown}: no line of it is a message of {source.Name}; line {malformed[0].Line}: {malformed[0].Why}");
        // JSON of another program's is taken for messages of kinds that are not known.
        if (read == 0 && odd > 0 && !source.WritesAnything)
            return io.Fail(arguments, ExitCodes.Failed, "not_a_recording", $"{shown}: no line of it is a message that {source.Name} is known to write");
        foreach (var (number, why) in malformed.Take(5))
            io.Errors.WriteLine($"drover: {shown}:{number}: {(number == file.Kept.Count && file.EndsOpen ? "the last line is cut off" : "not a message")}: {why}");
        if (malformed.Count > 5) io.Errors.WriteLine($"drover: {shown}: {malformed.Count - 5} more such lines");
        return ExitCodes.Done;
    }

    /// <summary>An agent that wrote nothing has only the end of its process to be judged by.</summary>
    private static TurnEnding Silent(TurnEnding? judged, Departure departure)
    {
        const string nothing = "the agent wrote nothing";
        var ending = judged ?? new(Outcome.Failed, FailureClass.Crashed, nothing) { Retryable = true };
        return ending with { Reason = departure == Departure.Unknown || judged is null ? nothing : $"{nothing}; {ending.Reason}" };
    }

    private static MessageId? MessageOf(AgentEvent e) => e switch
    {
        AgentEvent.MessageWritten m => m.Message,
        AgentEvent.MessageAccepted m => m.Message,
        AgentEvent.MessageRefused m => m.Message,
        AgentEvent.MessageUnanswered m => m.Message,
        _ => null,
    };

    private static string Unknown(string name) => $"there is no adapter '{name}'"
        + $"; {Nearest.Advice(name, Sources.Names)}";
}
