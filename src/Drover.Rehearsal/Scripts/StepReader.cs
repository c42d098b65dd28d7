using YamlDotNet.RepresentationModel;

namespace Drover.Rehearsal.Scripts;

/// <summary>Reads the steps of a turn. Each is a mapping with one key, or a bare word for those that need no value.</summary>
internal static class StepReader
{
    private const int MostSteps = 100_000;

    private static readonly Dictionary<string, Func<Place, Step>> Readers = new()
    {
        ["say"] = place => ReadText(place, "say", (text, pace) => new Step.Say(text, pace)),
        ["think"] = place => ReadText(place, "think", (text, pace) => new Step.Think(text, pace)),
        ["tool"] = place => new Step.Use(ReadShell(place, place.Fields("tool", "run")), Asks: false),
        ["edit"] = place => new Step.Use(ReadWrite(place, place.Fields("edit", "path", "content")), Asks: false),
        ["commit"] = place => new Step.Use(CommitAll(place.Text("commit")), Asks: false),
        ["ask"] = ReadAsk,
        ["pause"] = place => new Step.Pause(place.Duration("pause")),
        ["wait_for"] = place => new Step.WaitFor(place.Text("wait_for")),
        ["hang"] = _ => new Step.Hang(),
        ["crash"] = ReadCrash,
        ["drop"] = ReadDrop,
        ["error"] = ReadError,
        ["usage_limit"] = place => new Step.UsageLimit(Required(place, place.Fields("usage_limit", "resets_in"), "resets_in").Duration("resets_in")),
        ["flood_stderr"] = place => new Step.FloodStandardError(place.Whole("flood_stderr", 1, 10_000_000_000)),
        ["usage"] = ReadUsage,
        ["malformed"] = place => new Step.Malformed(place.Text("malformed")),
        ["raw"] = place => new Step.Raw(place.Json("raw")),
        ["stream"] = ReadStream,
    };

    public static IReadOnlyList<Step> ReadAll(Place place)
    {
        var steps = new List<Step>();
        Read(place, steps);
        return steps;
    }

    private static void Read(Place place, List<Step> steps)
    {
        foreach (var item in place.Items("steps"))
        {
            var (name, value) = item.Node switch
            {
                YamlScalarNode { Value: { } word } => (word, item),
                YamlMappingNode { Children.Count: 1 } mapping => (item.At(mapping.Children[0].Key).Text("a step's name"), item.At(mapping.Children[0].Value)),
                _ => throw item.Wrong($"a step is one word or a mapping with one key; allowed: {Allowed}"),
            };
            if (name == "repeat") ReadRepeat(value, steps);
            else if (Readers.TryGetValue(name, out var reader)) steps.Add(reader(value));
            else throw item.Wrong($"unknown step '{name}'; allowed: {Allowed}");
            if (steps.Count > MostSteps) throw item.Wrong($"a turn may have at most {MostSteps} steps");
        }
    }

    private static string Allowed => string.Join(", ", Readers.Keys.Append("repeat"));

    private static void ReadRepeat(Place place, List<Step> steps)
    {
        var fields = place.Fields("repeat", "times", "steps");
        var times = Required(place, fields, "times").Whole("times", 1, MostSteps);
        var body = ReadAll(Required(place, fields, "steps"));
        for (var i = 1; i <= times; i++)
        {
            if (steps.Count > MostSteps) throw place.Wrong($"a turn may have at most {MostSteps} steps");
            steps.AddRange(body.Select(step => Numbered(step, i)));
        }
    }

    /// <summary><c>${i}</c> in texts, commands and paths of a repeated step is the number of the repetition, from 1.</summary>
    private static Step Numbered(Step step, int i)
    {
        string Put(string text) => text.Replace("${i}", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return step switch
        {
            Step.Say say => say with { Text = Put(say.Text) },
            Step.Think think => think with { Text = Put(think.Text) },
            Step.Use { Tool: Tool.Shell shell } use => use with { Tool = new Tool.Shell(Put(shell.Command)) },
            Step.Use { Tool: Tool.Write write } use => use with { Tool = new Tool.Write(Put(write.Path), Put(write.Content)) },
            Step.WaitFor wait => new Step.WaitFor(Put(wait.Path)),
            _ => step,
        };
    }

    private static Step ReadText(Place place, string name, Func<string, Pace, Step> make)
    {
        if (place.IsScalar) return make(place.Text(name), Pace.AtOnce);
        var fields = place.Fields(name, "text", "chunk", "delay");
        var chunk = fields.TryGetValue("chunk", out var given) ? (int)given.Whole("chunk", 1, 1_000_000) : 16;
        var delay = fields.TryGetValue("delay", out var pause) ? pause.Duration("delay") : TimeSpan.Zero;
        return make(Required(place, fields, "text").Text("text"), new Pace(chunk, delay));
    }

    private static Step ReadAsk(Place place)
    {
        var fields = place.Fields("ask", "run", "path", "content");
        Tool tool = fields.ContainsKey("run") && fields.Count == 1 ? ReadShell(place, fields) : ReadWrite(place, fields);
        return new Step.Use(tool, Asks: true);
    }

    private static Tool.Shell ReadShell(Place place, Dictionary<string, Place> fields) => new(Required(place, fields, "run").Text("run"));

    private static Tool.Write ReadWrite(Place place, Dictionary<string, Place> fields) =>
        new(Required(place, fields, "path").Text("path"), Required(place, fields, "content").Text("content"));

    private static Tool.Shell CommitAll(string message) =>
        new($"git add -A && git commit -m '{message.Replace("'", @"'\''", StringComparison.Ordinal)}'");

    private static Step ReadCrash(Place place)
    {
        if (place.IsScalar) return new Step.Crash(1, null);
        var fields = place.Fields("crash", "exit", "signal");
        if (fields.Count != 1) throw place.Wrong("crash needs either exit or signal");
        return fields.TryGetValue("signal", out var signal)
            ? Signalled((int)signal.Whole("signal", 1, 64))
            : new Step.Crash((int)fields["exit"].Whole("exit", 0, 255), null);
    }

    private static Step.Crash Signalled(int signal) => new(128 + signal, signal);

    private static Step ReadDrop(Place place) => place.Text("drop") switch
    {
        "drop" or "" => new Step.Drop(Silently: false),
        "silently" => new Step.Drop(Silently: true),
        _ => throw place.Wrong("drop takes no value, or silently"),
    };

    private static Step ReadError(Place place)
    {
        if (place.IsScalar) return new Step.Refuse(ReadStatus(place), null, null);
        var fields = place.Fields("error", "status", "retry_after", "times");
        return new Step.Refuse(
            ReadStatus(Required(place, fields, "status")),
            fields.TryGetValue("retry_after", out var after) ? after.Duration("retry_after") : null,
            fields.TryGetValue("times", out var times) ? (int)times.Whole("times", 1, 1000) : null);
    }

    private static ModelError ReadStatus(Place place) => place.Text("status") switch
    {
        "401" => ModelError.Unauthorized,
        "413" => ModelError.PromptTooLong,
        "429" => ModelError.RateLimited,
        "500" => ModelError.Internal,
        "529" => ModelError.Overloaded,
        _ => throw place.Wrong("unknown error; allowed: 401, 413, 429, 500, 529"),
    };

    private static Step ReadUsage(Place place)
    {
        var fields = place.Fields("usage", "input", "output", "cache_read", "cache_write");
        long Of(string name, long otherwise) => fields.TryGetValue(name, out var given) ? given.Whole(name, 0, 1_000_000_000) : otherwise;
        return new Step.Spend(new Tokens(Of("input", Tokens.Usual.Input), Of("output", Tokens.Usual.Output), Of("cache_read", 0), Of("cache_write", 0)));
    }

    private static Step ReadStream(Place place)
    {
        var fields = place.Fields("stream", "rate", "seconds");
        return new Step.Stream(Required(place, fields, "rate").Whole("rate", 1, 100_000), TimeSpan.FromSeconds(Required(place, fields, "seconds").Whole("seconds", 1, 1_000_000)));
    }

    private static Place Required(Place place, Dictionary<string, Place> fields, string name) =>
        fields.TryGetValue(name, out var found) ? found : throw place.Wrong($"'{name}' is missing here");
}
