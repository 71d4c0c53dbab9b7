using System.Reflection;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Kernels;
using Bench.Methods;
using Bench.Noise;
using Bench.Reference.Sampling;
using Bench.Reporting;
using Bench.Reporting.TableBuilders;
using Bench.Results.Runs;
using Bench.Tasks;
using Xunit;

namespace Bench.Tests.Architecture;

/// <summary>The arrows of the design: which project may use which, and within a project which folder.</summary>
public sealed class ArrowTests
{
    private static readonly Arrows Assemblies = new("""
        Bench.Cli -> Bench.Experiments -> Bench -> Bench.Kernels
        Bench.Cli -> Bench.Reporting -> Bench.Results
        Bench.Experiments, Bench -> Bench.Results
        Bench.Reference -> Bench
        """);

    private static readonly Assembly[] Product =
    [
        typeof(Bench.Cli.Commands.Application).Assembly, typeof(Plan).Assembly, typeof(MethodTable).Assembly, typeof(Engine).Assembly,
        typeof(Report).Assembly, typeof(RunStore).Assembly, typeof(ReleasedNetwork).Assembly,
    ];

    // By project. A folder's name covers the folders within it, unless they are drawn themselves. A dot is the project's own folder, which
    // is free where it is not drawn. Tasks is a project's share of the folders in src/Tasks.
    private static readonly Dictionary<string, Arrows> Folders = new(StringComparer.Ordinal)
    {
        ["Bench"] = new("""
            Tasks -> Training, Metrics -> Methods -> Objectives, Sampling -> Backbone -> Attention -> Hyperschedules -> Noise -> Numerics
            Metrics, Pretrained -> Scoring -> Objectives, NGrams -> Numerics
            Published -> Methods
            Tasks, Metrics -> Guidance -> Sampling
            Metrics -> Statistics -> Numerics
            Noise -> Data -> Numerics
            """),
        ["Bench.Experiments"] = new("""
            Running -> Planning -> Machine -> Definitions
            Slurm -> Definitions
            Speed -> Planning
            Definitions -> Definitions.Components, Definitions.Sources -> Definitions.Keys -> Definitions.Yaml
            Definitions -> Tasks -> Definitions.Keys
            """),
        ["Bench.Results"] = new("""
            Tasks, Claims -> Metrics -> Runs -> Files
            """),
        ["Bench.Reporting"] = new("""
            . -> Html, Paper
            Html -> TableBuilders, Figures
            Paper -> TableBuilders, Figures
            Figures -> Figures.Frontiers -> Figures.Drawing -> Figures.Styles
            Figures.Styles, TableBuilders -> Comparisons -> Statistics
            TableBuilders, Regression -> Tables -> Statistics
            TableBuilders -> Tasks -> Comparisons, Tables
            TableBuilders -> Claims -> Statistics
            Regression -> Comparisons, Validity
            . -> Validity
            """),
        ["Bench.Cli"] = new("""
            Commands -> Differences, Doctor, Illustrations, Options -> Display -> Work -> .
            """),
    };

    // By how the names of files end; all other files belong to Bench.
    private static readonly Dictionary<string, string> TaskHomes = new(StringComparer.Ordinal)
    {
        ["Keys"] = "Bench.Experiments", ["Metrics"] = "Bench.Results", ["Table"] = "Bench.Reporting",
    };

    public static TheoryData<string> Projects() => [.. Folders.Keys];

    [Fact]
    public void No_arrow_leads_back_to_where_it_came_from() =>
        Assert.All(Folders.Values.Append(Assemblies), arrows => Assert.Null(arrows.Cycle()));

    [Fact]
    public void Assemblies_use_only_what_their_arrows_lead_to()
    {
        Assert.Equal(Assemblies.Parts.Order(StringComparer.Ordinal), Product.Select(NameOf).Order(StringComparer.Ordinal));
        Nothing.In(
            from assembly in Product
            from used in assembly.GetReferencedAssemblies()
            where Assemblies.Parts.Contains(used.Name) && !Assemblies.Allow(NameOf(assembly), used.Name!)
            select $"{NameOf(assembly)} uses {used.Name}");
    }

    [Fact]
    public void Reports_need_no_libtorch() => Assert.False(Assemblies.Allow("Bench.Reporting", "Bench.Kernels"));

    [Theory, MemberData(nameof(Projects))]
    public void Folders_use_only_what_their_arrows_lead_to(string project)
    {
        var arrows = Folders[project];
        var types = Product.Single(assembly => NameOf(assembly) == project).GetTypes();
        Assert.Equal(
            arrows.Parts.Order(StringComparer.Ordinal),
            types.Select(type => Part(arrows, project, type)).Where(part => part.Length > 0).Distinct().Order(StringComparer.Ordinal));
        Nothing.In(
            from user in types
            let own = Part(arrows, project, user)
            where own.Length > 0
            from used in UsedTypes.Of(user)
            where used.Assembly == user.Assembly
            let other = Part(arrows, project, used)
            where other.Length > 0 && !arrows.Allow(own, other)
            select $"{user.FullName} uses {used.FullName}");
    }

    // Objectives and samplers ask for probabilities, rates and draws: a process of another kind has no such weights.
    [Fact]
    public void Only_noise_knows_the_weights_that_a_marginal_is_made_of()
    {
        Assert.Contains(typeof(NelboTerm), UsersOfWeights());
        Nothing.In(
            from user in UsersOfWeights()
            where user.Namespace is not "Bench.Noise"
            select $"{user.FullName} reads or sets the weights of a marginal, a posterior or of rates of jumps; ask Bench.Noise instead");

        IEnumerable<Type> UsersOfWeights() =>
            from assembly in Product
            from user in assembly.GetTypes()
            where UsedTypes.CallsOf(user).Any(IsWeight)
            select user;

        bool IsWeight(MethodBase called) =>
            !called.IsStatic
            && (called.DeclaringType == typeof(Marginal) || called.DeclaringType == typeof(JumpRates)
                || called.DeclaringType == typeof(Posterior))
            && called.Name is "get_Keep" or "get_Uniform" or "get_Mask" or "get_Unmask" or "get_Stay" or "get_Clean" or "Deconstruct"
                or ".ctor";
    }

    // A folder of src/Tasks is a task, and its files are compiled into the projects that may hold them.
    [Fact]
    public void Each_file_of_a_task_belongs_to_the_one_project_that_its_name_says()
    {
        var homes = (
            from assembly in Product
            from type in assembly.GetTypes()
            where IsOfTask(type) && !type.IsNested
            select (Type: $"{type.Namespace}.{type.Name.Split('`')[0]}", Home: NameOf(assembly)))
            .Distinct()
            .ToLookup(pair => pair.Type, pair => pair.Home, StringComparer.Ordinal);
        Nothing.In(homes.Where(type => type.Skip(1).Any()).Select(type => $"{type.Key} is in {string.Join(" and ", type)}"));

        string[] files = [.. Repository.Files("*.cs", Path.Combine("src", "Tasks"))];
        Assert.NotEmpty(files);
        Nothing.In(
            from path in files
            let name = Path.GetFileNameWithoutExtension(path)
            let space = Path.GetDirectoryName(Path.GetRelativePath("src", path))!.Replace(Path.DirectorySeparatorChar, '.')
            let type = $"Bench.{space}.{name}"
            let expected = TaskHomes.FirstOrDefault(home => name.EndsWith(home.Key, StringComparison.Ordinal)).Value ?? nameof(Bench)
            where !homes[type].SequenceEqual([expected])
            select $"{path}: {type} is in [{string.Join(", ", homes[type])}], not in {expected}");
    }

    [Fact]
    public void Every_task_that_has_keys_or_a_table_is_listed()
    {
        AllListed("Keys", TaskKinds.Rows.Length, "TaskKinds.Rows");
        AllListed("Table", TaskTables.All.Length, "TaskTables.All");

        static void AllListed(string part, int listed, string list)
        {
            int files = Repository.Files($"*{part}.cs", Path.Combine("src", "Tasks")).Count();
            Assert.True(files == listed, $"{files} tasks have a file *{part}.cs, but {list} has {listed}");
        }
    }

    private static bool IsOfTask(Type type) => $"{type.Namespace}.".StartsWith($"{typeof(ITask).Namespace}.", StringComparison.Ordinal);

    private static string NameOf(Assembly assembly) => assembly.GetName().Name!;

    // Bench.Noise.Absorbing belongs to Noise; what the compiler adds lies in no namespace.
    private static string Part(Arrows arrows, string project, Type type)
    {
        if (type.Namespace is not { } space)
            return "";
        string root = IsOfTask(type) ? nameof(Bench) : project;
        if (!$"{space}.".StartsWith($"{root}.", StringComparison.Ordinal))
            return "";
        string folder = space.Length == root.Length ? "." : space[(root.Length + 1)..];
        while (!arrows.Parts.Contains(folder) && folder.LastIndexOf('.') is > 0 and var end)
            folder = folder[..end];
        return folder == "." && !arrows.Parts.Contains(folder) ? "" : folder;
    }
}
