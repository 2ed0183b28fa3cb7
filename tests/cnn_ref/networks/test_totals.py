"""Every integer that is known about the lectures' networks, and the shapes between their stages."""

import pytest

from cnn_ref.networks import NETWORKS

# name, arguments, parameters, multiply-accumulates, parameters with buffers; None where nothing is published.
TOTALS = [
    ("lenet1995", {}, 6_334, 139_392, None),
    ("lenet1995", {"trainable_subsampling": True}, 6_334 + 32, 139_392, None),
    ("lenet5", {}, 60_000, None, None),
    ("lenet5", {"variant": "modern"}, 61_706, 416_520, None),
    ("alexnet", {}, 60_965_224, 724_406_816, None),
    ("alexnet", {"variant": "onnx"}, 60_965_224, 654_560_384, None),
    ("alexnet", {"variant": "torchvision"}, 61_100_840, 714_188_480, None),
    ("alexnet_ungrouped", {}, 62_378_344, 1_135_256_096, None),
    ("zfnet", {}, 62_357_608, 1_168_032_896, None),
    ("vgg_a", {}, 132_863_336, 7_609_090_048, None),
    ("vgg_a", {"local_response_norm": True}, 132_863_336, 7_609_090_048, None),
    ("vgg_b", {}, 133_047_848, 11_308_466_176, None),
    ("vgg_c", {}, 133_638_952, 11_770_888_192, None),
    ("vgg_d", {}, 138_357_544, 15_470_264_320, None),
    ("vgg_e", {}, 143_667_240, 19_632_062_464, None),
    ("googlenet", {}, 6_998_552, 1_582_671_872, None),
    ("googlenet", {"auxiliary": True}, 13_378_280, 1_582_671_872, None),
    ("googlenet", {"ceil_mode": False}, 6_998_552, 1_431_556_352, None),
    ("googlenet", {"variant": "torchvision"}, 6_624_904, 1_498_376_192, None),
    ("bn_inception", {}, 11_194_984, 2_018_851_840, None),
    ("inception_v3", {}, 23_817_352, 5_713_216_096, 23_851_784),
    ("inception_v3", {"variant": "torchvision"}, 23_834_568, 5_713_216_096, None),
    ("inception_v3", {"variant": "torchvision", "auxiliary": True}, 27_161_264, 5_713_216_096, None),
    ("resnet34", {}, 21_797_672, 3_663_761_408, None),
    ("resnet34", {"shortcuts": "identity"}, 21_623_848, 3_644_493_824, None),
    ("resnet50", {}, 25_557_032, 4_089_184_256, 25_557_032 + 53_120),
    ("resnet50", {"variant": "keras"}, 25_557_032 + 26_560, 3_857_973_248, 25_636_712),
    ("resnet101", {}, 44_549_160, 7_801_405_440, None),
    ("resnet101", {"variant": "keras"}, None, 7_570_194_432, 44_707_176),
    ("resnet152", {}, 60_192_808, 11_513_626_624, None),
    ("resnet152", {"variant": "keras"}, None, 11_282_415_616, 60_419_944),
    ("resnext50_32x4d", {}, 25_028_904, 4_230_479_872, None),
    ("densenet121", {}, 7_978_856, 2_834_161_664, 8_062_504),
    ("xception", {}, 22_855_952, 8_357_403_496, 22_910_480),
    ("inception_resnet_v2", {}, 55_813_192, 13_155_794_016, 55_873_736),
    ("unet", {}, 31_030_658, 150_428_424_448, None),
    ("wav2letter", {}, 26_211_290, None, None),
    ("wav2letter", {"features": "mfcc"}, 23_304_540, None, None),
    ("keras_slides", {}, 538_698, 14_014_976, 538_698),
]

# name, arguments, {layer: output shape}.
STAGES = [
    ("lenet1995", {}, {"c1": (4, 24, 24), "s2": (4, 12, 12), "c3": (12, 8, 8), "s4": (12, 4, 4), "output": (26,)}),
    (
        "alexnet",
        {},
        {
            "conv1": (96, 55, 55),
            "pool1": (96, 27, 27),
            "conv2": (256, 27, 27),
            "pool2": (256, 13, 13),
            "conv3": (384, 13, 13),
            "conv4": (384, 13, 13),
            "conv5": (256, 13, 13),
            "pool5": (256, 6, 6),
        },
    ),
    (
        "zfnet",
        {},
        {
            "conv1": (96, 110, 110),
            "pool1": (96, 55, 55),
            "conv2": (256, 26, 26),
            "pool2": (256, 13, 13),
            "conv3": (384, 13, 13),
            "conv4": (384, 13, 13),
            "conv5": (256, 13, 13),
            "pool5": (256, 6, 6),
        },
    ),
    *(
        (
            name,
            {},
            {
                "block1/conv1": (64, 224, 224),
                "block2/conv1": (128, 112, 112),
                "block3/conv1": (256, 56, 56),
                "block4/conv1": (512, 28, 28),
                "block5/conv1": (512, 14, 14),
                "block5/pool": (512, 7, 7),
            },
        )
        for name in ("vgg_a", "vgg_b", "vgg_c", "vgg_d", "vgg_e")
    ),
    (
        "googlenet",
        {},
        {
            "conv1": (64, 112, 112),
            "conv2": (192, 56, 56),
            "pool2": (192, 28, 28),
            "inception_3a": (256, 28, 28),
            "inception_3b": (480, 28, 28),
            "inception_4a": (512, 14, 14),
            "inception_4b": (512, 14, 14),
            "inception_4c": (512, 14, 14),
            "inception_4d": (528, 14, 14),
            "inception_4e": (832, 14, 14),
            "inception_5a": (832, 7, 7),
            "inception_5b": (1024, 7, 7),
        },
    ),
    (
        "googlenet",
        {"ceil_mode": False},
        {"inception_3b": (480, 27, 27), "inception_4e": (832, 13, 13), "inception_5b": (1024, 6, 6)},
    ),
    (
        "inception_v3",
        {},
        {
            "conv1": (32, 149, 149),
            "conv2": (32, 147, 147),
            "conv3": (64, 147, 147),
            "pool1": (64, 73, 73),
            "conv5": (192, 71, 71),
            "pool2": (192, 35, 35),
            "mixed2": (288, 35, 35),
            "mixed7": (768, 17, 17),
            "mixed10": (2048, 8, 8),
        },
    ),
    (
        "resnet34",
        {},
        {"conv1": (64, 112, 112), "stage1/unit3": (64, 56, 56), "stage4/unit3": (512, 7, 7)},
    ),
    *(
        (
            name,
            arguments,
            {
                "conv1": (64, 112, 112),
                "stage1/unit3": (256, 56, 56),
                "stage2/unit4": (512, 28, 28),
                "stage3/unit6": (1024, 14, 14),
                "stage4/unit3": (2048, 7, 7),
            },
        )
        for name, arguments in (
            ("resnet50", {}),
            ("resnet50", {"variant": "keras"}),
            ("resnet101", {}),
            ("resnet152", {}),
            ("resnext50_32x4d", {}),
        )
    ),
    (
        "densenet121",
        {},
        {
            "block1/unit6": (256, 56, 56),
            "block2/unit12": (512, 28, 28),
            "block3/unit24": (1024, 14, 14),
            "block4/unit16": (1024, 7, 7),
        },
    ),
    (
        "xception",
        {},
        {
            "conv1": (32, 149, 149),
            "conv2": (64, 147, 147),
            "entry1": (128, 74, 74),
            "entry2": (256, 37, 37),
            "entry3": (728, 19, 19),
            "middle8": (728, 19, 19),
            "exit": (1024, 10, 10),
            "conv4_bn": (2048, 10, 10),
        },
    ),
    (
        "inception_resnet_v2",
        {},
        {"block35_10": (320, 35, 35), "block17_20": (1088, 17, 17), "conv6": (1536, 8, 8)},
    ),
    (
        "unet",
        {},
        {
            "down1_conv2": (64, 568, 568),
            "level1/2/down2_conv2": (128, 280, 280),
            "level1/2/level2/2/down3_conv2": (256, 136, 136),
            "level1/2/level2/2/level3/2/down4_conv2": (512, 64, 64),
            "level1/2/level2/2/level3/2/level4/2/down5_conv2": (1024, 28, 28),
            "level1/2/level2/2/level3/2/up4_conv2": (512, 52, 52),
            "level1/2/level2/2/up3_conv2": (256, 100, 100),
            "level1/2/up2_conv2": (128, 196, 196),
            "up1_conv2": (64, 388, 388),
            "output": (2, 388, 388),
        },
    ),
    (
        "keras_slides",
        {},
        {
            "conv1": (32, 28, 28),
            "pool1": (32, 14, 14),
            "conv2": (64, 10, 10),
            "conv3": (128, 6, 6),
            "conv4": (64, 2, 2),
            "pool2": (64, 1, 1),
            "flatten": (64,),
            "dense": (1024,),
            "output": (10,),
        },
    ),
]

# Receptive field of the last maps before the classifier, from Araujo, Norris and Sim (Distill 2019), table of models.
FIELDS = [
    ("alexnet", {}, "pool5", 195),
    ("vgg_d", {}, "block5/pool", 212),
    ("resnet50", {"variant": "keras"}, "stage4/unit3", 483),
    ("resnet101", {"variant": "keras"}, "stage4/unit3", 1027),
    ("resnet152", {"variant": "keras"}, "stage4/unit3", 1507),
    ("inception_v3", {}, "mixed10", 1311),
    ("inception_resnet_v2", {}, "conv6", 3039),
]


def label(case):
    """Name a case by its network and arguments."""
    return "-".join([case[0], *(str(value) for value in case[1].values())])


@pytest.mark.parametrize("case", TOTALS, ids=label)
def test_totals(case):
    """Parameters, multiply-accumulates and totals are the published integers."""
    name, arguments, parameters, multiply_accumulates, total = case
    network = NETWORKS[name](**arguments)
    assert parameters in (None, network.parameters)
    assert multiply_accumulates in (None, network.multiply_accumulates)
    assert total in (None, network.total_parameters)


@pytest.mark.parametrize("case", STAGES, ids=label)
def test_stage_shapes(case):
    """The maps between the stages have the published sizes."""
    name, arguments, shapes = case
    network = NETWORKS[name](**arguments)
    assert {layer: network[layer].output_shape for layer in shapes} == shapes


@pytest.mark.parametrize("case", FIELDS, ids=label)
def test_receptive_fields(case):
    """The receptive fields are the ones that Araujo, Norris and Sim publish."""
    name, arguments, layer, size = case
    assert NETWORKS[name](**arguments)[layer].receptive_field == (size, size)


def test_every_network_is_in_the_table():
    """No network is offered without numbers to hold it to."""
    assert set(NETWORKS) == {case[0] for case in TOTALS}


def test_lenet5_layer_by_layer():
    """Parameters and connections of each layer are those of the 1998 paper."""
    network = NETWORKS["lenet5"]()
    layers = ("c1", "s2", "c3", "s4", "c5", "f6", "output")
    assert [network[name].parameters for name in layers] == [156, 12, 1_516, 32, 48_120, 10_164, 0]
    connections = [122_304, 5_880, 151_600, 2_000, 48_120, 10_164, 840]
    assert [network[name].connections for name in layers] == connections
    assert network.connections == sum(connections) == 340_908


def test_keras_slides_layer_by_layer():
    """Parameters of each layer are those that Keras prints."""
    network = NETWORKS["keras_slides"]()
    learned = [layer.parameters for layer in network.layers if layer.parameters]
    assert learned == [832, 51_264, 204_928, 204_864, 66_560, 10_250]


def test_alexnet_has_659272_neurons():
    """Outputs of all convolution and dense layers, which differ from the sum of the paper's list."""
    layers = NETWORKS["alexnet"]().layers
    neurons = 0
    for layer in layers:
        if layer.kind in ("Conv", "Dense"):
            units = 1
            for length in layer.output_shape:
                units *= length
            neurons += units
    assert neurons == 659_272


def test_vgg_weight_layers_and_memory():
    """Configurations have 11, 13, 16, 16, 19 weight layers; D stores 15,237,608 values, not CS231n's 24 million."""
    weights = [
        sum(layer.kind in ("Conv", "Dense") for layer in NETWORKS[f"vgg_{letter}"]().layers) for letter in "abcde"
    ]
    assert weights == [11, 13, 16, 16, 19]
    assert NETWORKS["vgg_d"]().activations == 15_237_608


def test_unet_has_23_convolutions():
    """Up-convolutions included, as the paper counts."""
    kinds = [layer.kind for layer in NETWORKS["unet"]().layers]
    assert kinds.count("Conv") + kinds.count("ConvTranspose") == 23


def test_resnet_depths():
    """The number in the name is the number of convolution and dense layers, shortcuts left out."""
    for depth in (34, 50, 101, 152):
        layers = NETWORKS[f"resnet{depth}"]().layers
        on_path = [layer for layer in layers if layer.kind in ("Conv", "Dense") and "shortcut" not in layer.name]
        assert len(on_path) == depth


def test_densenet_depth_and_growth():
    """121 convolution and dense layers; layer 3 of the first block reads 64 + 2·32 channels."""
    network = NETWORKS["densenet121"]()
    assert sum(layer.kind in ("Conv", "Dense") for layer in network.layers) == 121
    assert network["block1/unit3"].input_shape[0] == 64 + 2 * 32


def test_single_source_totals_are_marked():
    """Networks whose totals nobody else confirms say so, in data and in the summary."""
    unconfirmed = {name for name, build in NETWORKS.items() if not build().confirmed}
    assert unconfirmed == {
        "lenet1995",
        "zfnet",
        "vgg_c",
        "bn_inception",
        "xception",
        "inception_resnet_v2",
        "wav2letter",
    }
    for name, build in NETWORKS.items():
        assert build().source
        assert ("single source" in build().summary()) == (name in unconfirmed)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("alexnet", {"variant": "caffe"}),
        ("lenet5", {"variant": "2020"}),
        ("googlenet", {"variant": "keras"}),
        ("googlenet", {"variant": "torchvision", "auxiliary": True}),
        ("inception_v3", {"variant": "paper"}),
        ("inception_v3", {"auxiliary": True}),
        ("resnet34", {"shortcuts": "none"}),
        ("resnet50", {"variant": "paper"}),
        ("wav2letter", {"features": "power"}),
    ],
)
def test_unknown_variants_are_refused(name, arguments):
    """The error lists what there is."""
    with pytest.raises(ValueError, match="must be"):
        NETWORKS[name](**arguments)


def test_too_short_speech_is_refused():
    """The error names the layer that no longer fits."""
    with pytest.raises(ValueError, match=r"layer 'wave' .*spans 250 cells.*nearest legal: kernel_size 190"):
        NETWORKS["wav2letter"](length=100)
    assert NETWORKS["wav2letter"]("mfcc", length=200).output_shape == (40, 1, 101)
