namespace Drover.Server.Runs;

/// <summary>The directories that a command line needs to be seen in a sandbox that hides the user's home: where its program really lies, and the files it names.</summary>
internal static class ProgramPaths
{
    public static IReadOnlyList<string> Of(IReadOnlyList<string> arguments, string path)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (Program(arguments[0], path) is { } program) Add(found, program);
        foreach (var argument in arguments.Skip(1).Where(a => a.StartsWith('/') && File.Exists(a))) Add(found, argument);
        return [.. found];
    }

    private static string? Program(string name, string path) => name.Contains('/')
        ? File.Exists(name) ? name : null
        : path.Split(':').Where(d => d.StartsWith('/')).Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);

    /// <summary>A program is often a link into a package that needs its siblings.</summary>
    private static void Add(HashSet<string> found, string file)
    {
        for (var hop = 0; hop < 10; hop++)
        {
            found.Add(Package(file));
            if (new FileInfo(file).LinkTarget is not { } target) break;
            file = Path.GetFullPath(target, Path.GetDirectoryName(file)!);
        }
    }

    private static string Package(string file)
    {
        var modules = file.IndexOf("/node_modules/", StringComparison.Ordinal);
        return modules > 0 ? file[..(modules + "/node_modules".Length)] : Path.GetDirectoryName(file)!;
    }
}
