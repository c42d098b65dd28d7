namespace Drover.Server.Runs;

/// <summary>The directories that a command line needs to be seen in a sandbox that hides the user's home: where its program really lies, and the files it names.</summary>
internal static class ProgramPaths
{
    public static IReadOnlyList<string> Of(IReadOnlyList<string> arguments, string path)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (Program(arguments[0], path) is { } program)
        {
            Add(found, program);
            if (Interpreter(program, path) is { } interpreter) Add(found, interpreter);
        }

        foreach (var argument in arguments.Skip(1).Where(a => a.StartsWith('/') && File.Exists(a))) Add(found, argument);
        return [.. found];
    }

    /// <summary>Where a program is, as the kernel would find it; null when it is not there.</summary>
    public static string? Program(string name, string path) => name.Contains('/')
        ? File.Exists(name) ? name : null
        : path.Split(':').Where(d => d.StartsWith('/')).Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);

    /// <summary>What the first line of a script names: a path, or a program that <c>env</c> looks for; null when the program is no script.</summary>
    private static string? Interpreter(string program, string path)
    {
        try
        {
            using var file = new StreamReader(program);
            var head = new char[256];
            var line = new string(head, 0, file.ReadBlock(head)).Split('\n')[0];
            if (!line.StartsWith("#!", StringComparison.Ordinal)) return null;
            var words = line[2..].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            return words is [var env, .. var rest] && Path.GetFileName(env) == "env"
                ? rest.FirstOrDefault(w => !w.StartsWith('-') && !w.Contains('=')) is { } name ? Program(name, path) : null
                : words.Length > 0 ? words[0] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A program that may be run but not read is no script.
            return null;
        }
    }

    /// <summary>A program is often a link into a package that needs its siblings.</summary>
    private static void Add(HashSet<string> found, string file)
    {
        for (var hop = 0; hop < 10; hop++)
        {
            found.Add(Visible(file));
            if (new FileInfo(file).LinkTarget is not { } target) break;
            file = Path.GetFullPath(target, Path.GetDirectoryName(file)!);
        }
    }

    /// <summary>The package that holds the file, or its directory; the file alone where that directory would show what the sandbox is there to hide.</summary>
    private static string Visible(string file)
    {
        var modules = file.IndexOf("/node_modules/", StringComparison.Ordinal);
        if (modules > 0) return file[..(modules + "/node_modules".Length)];
        var directory = Path.GetDirectoryName(file)!;
        return IsPrivate(directory) ? file : directory;
    }

    private static bool IsPrivate(string directory) =>
        new[] { "/", "/tmp", "/var/tmp", "/home", Environments.UserHome }.Any(p => p == directory || p.StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal));
}
