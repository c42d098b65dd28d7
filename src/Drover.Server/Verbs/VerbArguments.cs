using Drover.Api;

namespace Drover.Server.Verbs;

/// <summary>A verb's arguments: switches, options with a value, and at most one place.</summary>
internal sealed class VerbArguments
{
    private readonly HashSet<string> _switches = [];
    private readonly Dictionary<string, string> _values = [];

    private VerbArguments() { }

    public bool Json => Has("--json");

    /// <summary>The argument that is no switch.</summary>
    public string? Place { get; private set; }

    /// <summary>The value of an option, or null when it is not given.</summary>
    public string? this[string option] => _values.GetValueOrDefault(option);

    public bool Has(string name) => _switches.Contains(name);

    /// <summary>Null when the verb is not to run: help was asked for, or the arguments are wrong and the usage says so. Then the exit code is set.</summary>
    public static VerbArguments? Read(string[] args, string usage, IReadOnlyList<string> switches, VerbIo io, out int exitCode) =>
        Read(args, usage, switches, [], io, out exitCode);

    /// <param name="options">Those that take a value, in the next argument or after <c>=</c>.</param>
    public static VerbArguments? Read(string[] args, string usage, IReadOnlyList<string> switches, IReadOnlyList<string> options, VerbIo io, out int exitCode)
    {
        var read = new VerbArguments();
        exitCode = ExitCodes.Done;
        if (args.Any(a => a is "--help" or "-h"))
        {
            io.Output.WriteLine(usage);
            return null;
        }

        for (var i = 0; i < args.Length; i++)
        {
            var arg = args[i];
            if (options.FirstOrDefault(o => arg.StartsWith($"{o}=", StringComparison.Ordinal)) is { } named) read._values[named] = arg[(named.Length + 1)..];
            else if (options.Contains(arg) && i + 1 < args.Length) read._values[arg] = args[++i];
            else if (switches.Contains(arg) || arg == "--json") read._switches.Add(arg);
            else if ((arg == "-" || !arg.StartsWith('-')) && read.Place is null && usage.Contains("FILE", StringComparison.Ordinal)) read.Place = arg;
            else
            {
                if (args.Contains("--json")) read._switches.Add("--json");
                exitCode = io.Fail(read, ExitCodes.Usage, "usage", $"{(options.Contains(arg) ? $"{arg} needs a value" : $"'{arg}' is not understood")}\n{usage}");
                return null;
            }
        }

        return read;
    }
}
