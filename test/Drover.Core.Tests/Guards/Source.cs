namespace Drover.Core.Tests.Guards;

/// <summary>The repository this test was built from.</summary>
internal static class Source
{
    internal static readonly string Root = FindRoot();

    /// <summary>Whether the documents that tests hold are to be written anew instead of compared.</summary>
    internal static readonly bool WritesDocuments = Environment.GetEnvironmentVariable("DROVER_WRITE_DOCS") == "1";

    internal static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    internal static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Files below a directory of the repository that somebody wrote: nothing built, nothing installed.</summary>
    internal static IEnumerable<string> Files(string directory, params string[] patterns) => !Directory.Exists(At(directory)) ? [] :
        patterns.SelectMany(p => Directory.EnumerateFiles(At(directory), p, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            .Where(f => !Relative(f).Split('/').Any(part => part is "node_modules" or "dist" or "bin" or "obj" or "generated"))
            .Order(StringComparer.Ordinal);

    /// <summary>Compares a document with what it must be; writes it when asked to.</summary>
    internal static void Holds(string path, string expected)
    {
        if (WritesDocuments) File.WriteAllText(At(path), expected);
        var actual = File.Exists(At(path)) ? File.ReadAllText(At(path)) : "";
        Xunit.Assert.True(actual == expected, $"{path} is not what the code says; DROVER_WRITE_DOCS=1 ./dev test writes it anew");
    }

    /// <summary>Fails with all of what is wrong, a line each.</summary>
    internal static void None(IEnumerable<string> wrong)
    {
        string[] found = [.. wrong];
        Xunit.Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Drover.slnx"))) return directory.FullName;
        throw new InvalidOperationException("Drover.slnx is not above the test's directory; the guards run in a checkout");
    }
}
