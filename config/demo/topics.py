"""What the sessions of the demo deal with: items of agendas, questions put to the vote, what was concluded."""

from typing import NamedTuple


class Topic(NamedTuple):
    """An item: title, who presents it, its planned minutes, the question voted on ("" for none), the conclusion."""

    title: str
    presenter: str
    minutes: int
    question: str
    conclusion: str


PROVINCE = [
    Topic(
        "Tình hình kinh tế - xã hội tháng {month}, nhiệm vụ trọng tâm tháng tới",
        "tran-quoc-khai",
        45,
        "",
        "Giao các sở, ngành tập trung giải ngân vốn đầu tư công, bảo đảm tiến độ thu ngân sách; "
        "Văn phòng UBND tỉnh theo dõi, báo cáo vào phiên họp sau.",
    ),
    Topic(
        "Điều chỉnh kế hoạch đầu tư công trung hạn",
        "uy-vien",
        35,
        "Thông qua tờ trình điều chỉnh kế hoạch đầu tư công trung hạn",
        "Thống nhất chủ trương điều chỉnh; Sở Tài chính hoàn thiện hồ sơ, trình Hội đồng nhân dân tỉnh tại kỳ họp gần nhất.",
    ),
    Topic(
        "Phương án phòng cháy, chữa cháy rừng mùa khô",
        "luong-van-quyet",
        25,
        "",
        "Thực hiện phương châm bốn tại chỗ; UBND các huyện kiện toàn lực lượng trước ngày 15 tháng sau.",
    ),
    Topic(
        "Quy định phân cấp quản lý cây xanh, chiếu sáng đô thị",
        "uy-vien-2",
        25,
        "Thông qua dự thảo Quyết định quy định phân cấp quản lý cây xanh, chiếu sáng đô thị",
        "Thông qua. Sở Xây dựng tiếp thu ý kiến về kinh phí duy trì, trình ký trong 5 ngày làm việc.",
    ),
    Topic(
        "Kết quả rà soát, sắp xếp đơn vị sự nghiệp công lập",
        "do-thi-ngoc-anh",
        30,
        "",
        "Giữ nguyên tiến độ; đơn vị chậm phải báo cáo giải trình với Chủ tịch UBND tỉnh.",
    ),
    Topic(
        "Đề án phát triển cụm công nghiệp giai đoạn tới",
        "duong-cong-thanh",
        35,
        "Thông qua Đề án phát triển cụm công nghiệp",
        "Thông qua Đề án; bổ sung tiêu chí môi trường và nhà ở cho người lao động.",
    ),
    Topic(
        "Hỗ trợ chuyển đổi số cho xã, phường và hợp tác xã",
        "mai-phuong-thao",
        25,
        "",
        "Ưu tiên hạ tầng mạng ở các xã vùng cao; không mua trùng phần mềm đã có.",
    ),
    Topic(
        "Công tác chuẩn bị năm học và bố trí giáo viên vùng cao",
        "ta-quang-vinh",
        30,
        "",
        "Sở Nội vụ cùng Sở Giáo dục và Đào tạo rà soát biên chế, không để lớp thiếu giáo viên.",
    ),
    Topic(
        "Phòng, chống dịch bệnh và bảo đảm thuốc, vật tư y tế",
        "ho-thi-kim-yen",
        25,
        "",
        "Sở Y tế chủ động mua sắm đúng quy định, công khai tồn kho hằng tháng.",
    ),
    Topic(
        "Bảng giá đất áp dụng từ năm tới",
        "luong-van-quyet",
        45,
        "Thông qua tờ trình ban hành bảng giá đất",
        "Thông qua; làm rõ giá đất tại khu vực giáp ranh và tuyến đường mới.",
    ),
    Topic(
        "Lịch tổ chức ngày hội văn hóa các dân tộc trong tỉnh",
        "cao-bao-ngoc",
        15,
        "",
        "Tổ chức gọn, tiết kiệm; huy động nguồn xã hội hóa.",
    ),
    Topic(
        "Chính sách hỗ trợ nhà ở cho hộ nghèo vùng đồng bào dân tộc thiểu số",
        "nong-van-sinh",
        30,
        "Thông qua dự thảo chính sách hỗ trợ nhà ở cho hộ nghèo",
        "Thông qua; mức hỗ trợ lấy theo phương án 2, báo cáo Hội đồng nhân dân tỉnh.",
    ),
    Topic(
        "Kết luận thanh tra việc quản lý đất đai tại một số địa phương",
        "trinh-dinh-loc",
        30,
        "",
        "Các đơn vị được nêu khắc phục xong trước cuối quý; Thanh tra tỉnh kiểm tra lại.",
    ),
    Topic(
        "Tháo gỡ vướng mắc giải phóng mặt bằng khu công nghiệp Bến Lam",
        "chu-thi-hau",
        30,
        "",
        "Giao UBND thị xã Vân Đài vận động, hoàn thành chi trả đợt cuối; họp lại sau 15 ngày.",
    ),
    Topic(
        "Dự thảo quy chế phối hợp tiếp công dân, giải quyết khiếu nại",
        "ngo-gia-huy",
        20,
        "Thông qua Quy chế phối hợp tiếp công dân",
        "Thông qua; Sở Tư pháp hoàn thiện thể thức.",
    ),
    Topic(
        "Bảo đảm an ninh trật tự các ngày lễ lớn",
        "phan-van-luc",
        20,
        "",
        "Công an tỉnh chủ trì, bố trí lực lượng tại các điểm đông người.",
    ),
]
CLOSED_TOPIC = Topic(
    "Công tác tổ chức, cán bộ",
    "do-thi-ngoc-anh",
    15,
    "",
    "Thống nhất theo tờ trình của Sở Nội vụ.",
)
BRIEFING = [
    Topic("Kết quả thực hiện các kết luận kỳ trước", "vu-minh-dao", 10, "", "Ba việc quá hạn phải xong trong tuần này."),
    Topic("Tiến độ giải ngân vốn đầu tư công", "uy-vien", 15, "", "Giao ban riêng với năm chủ đầu tư giải ngân dưới 40%."),
    Topic("Tiến độ tuyến đường nối Trà Khê - Nậm Lam", "uy-vien-2", 12, "", "Chốt mặt bằng đoạn qua Đồi Sim trước cuối tháng."),
    Topic("Lịch tiếp xúc doanh nghiệp trong tháng", "le-huu-tung", 8, "", "Tổ chức ngày thứ Năm tuần thứ ba, không quá nửa ngày."),
    Topic("Chuẩn bị phiên họp thường kỳ UBND tỉnh", "tu-cong-minh", 12, "", "Tài liệu gửi trước phiên họp ba ngày làm việc."),
    Topic("Ứng phó mưa lũ tại các xã vùng cao", "luong-van-quyet", 15, "", "Trực ban 24/24 giờ; báo cáo nhanh trước 16 giờ hằng ngày."),
    Topic("Đơn thư vượt cấp, kéo dài", "tran-quoc-khai", 12, "", "Mỗi đồng chí Phó Chủ tịch trực tiếp xem hai vụ việc."),
    Topic("Nhân sự hội nghị xúc tiến đầu tư", "do-thi-ngoc-anh", 8, "Thống nhất thời điểm tổ chức hội nghị xúc tiến đầu tư", "Thống nhất tổ chức trong quý tới."),
]  # fmt: skip
DISTRICT = [
    Topic("Tiến độ thu tiền sử dụng đất và đấu giá đất", "be-ngoc-thien", 25, "", "Đấu giá lại ba khu đã có mặt bằng."),
    Topic("Kế hoạch trồng rừng và phòng cháy rừng", "chu-ba-thong", 20, "", "Các xã ký cam kết trước ngày 20."),
    Topic("Phân bổ kinh phí sửa chữa trường học", "ha-thi-nhung", 25, "Thông qua phương án phân bổ kinh phí sửa chữa trường học", "Thông qua phương án; ưu tiên điểm trường Khe Vài."),
    Topic("Sửa chữa đường liên xã An Lĩnh - Đông Mạc", "phan-trung-kien", 20, "", "Khởi công trước mùa mưa."),
    Topic("Kết quả cải cách hành chính, sử dụng chữ ký số", "tran-thi-my-hanh", 15, "", "Bốn xã chậm phải có kế hoạch khắc phục."),
    Topic("Ngày hội văn hóa huyện Trà Khê", "sam-thi-lua", 15, "", "Tổ chức trong một ngày, tại sân vận động huyện."),
    Topic("Chương trình giảm nghèo, danh sách hộ thoát nghèo", "le-thi-hoai-thuong", 25, "Thông qua danh sách hộ thoát nghèo trong năm", "Thông qua; công khai tại nhà văn hóa thôn."),
    Topic("Bảo đảm trật tự an toàn giao thông trên địa bàn", "vang-seo-din", 15, "", "Xử lý điểm đen tại dốc Đồi Sim."),
]  # fmt: skip
COUNCIL = [
    Topic("Thẩm tra tờ trình về dự toán và phân bổ ngân sách", "uong-thi-lan-phuong", 30, "Thống nhất trình kỳ họp nội dung phân bổ ngân sách", "Thống nhất trình kỳ họp; Ban Kinh tế - Ngân sách hoàn thiện báo cáo thẩm tra."),
    Topic("Chương trình giám sát chuyên đề", "pham-minh-nguyet", 25, "", "Giám sát tại hai huyện, không tổ chức đoàn quá bảy người."),
    Topic("Chuẩn bị nội dung kỳ họp Hội đồng nhân dân tỉnh", "giang-a-chu", 30, "Thống nhất dự kiến chương trình kỳ họp", "Thống nhất chương trình; rút một ngày so với dự kiến."),
    Topic("Chính sách đối với đồng bào dân tộc thiểu số", "trieu-mui-ghen", 25, "", "Ban Dân tộc khảo sát thêm hai xã của huyện Nậm Lam."),
    Topic("Báo cáo tổng hợp chất vấn và trả lời chất vấn", "nguyen-quang-hoa", 20, "", "Chọn ba nhóm vấn đề để chất vấn tại kỳ họp."),
    Topic("Đề nghị bổ sung danh mục thu hồi đất", "uong-thi-lan-phuong", 25, "Thống nhất danh mục thu hồi đất bổ sung", "Thống nhất danh mục; hai công trình chưa đủ hồ sơ để lại."),
]  # fmt: skip
WARD = [
    Topic("Chỉnh trang tuyến đường ven sông", "tran-anh-tuyet", 20, "", "Hoàn thành trước Tết."),
    Topic("Hòa giải tranh chấp tại tổ dân phố 4", "mac-dinh-phong", 15, "", "Mời hai bên làm việc trong tuần."),
    Topic("Kế hoạch tổ chức hội khỏe", "phi-van-lam", 15, "Thống nhất kế hoạch tổ chức hội khỏe", "Thống nhất, kinh phí xã hội hóa."),
    Topic("Thu gom rác tại chợ Bến Lam", "du-thi-hong-van", 20, "", "Đổi giờ thu gom sang 19 giờ."),
]  # fmt: skip
THEMATIC = [
    Topic("Báo cáo tình hình thực hiện và khó khăn, vướng mắc", "vu-minh-dao", 25, "", "Các sở gửi lại số liệu đã đối chiếu trước thứ Sáu."),
    Topic("Kiến nghị của các địa phương", "khach-moi", 20, "", "Văn phòng UBND tỉnh tổng hợp, trả lời từng kiến nghị."),
    Topic("Phân công nhiệm vụ và thời hạn", "vu-minh-dao", 15, "Thống nhất phân công nhiệm vụ và thời hạn thực hiện", "Thống nhất phân công; họp kiểm điểm sau 30 ngày."),
]  # fmt: skip
TOPICS = {
    "thematic": THEMATIC,
    "regular": PROVINCE,
    "briefing": BRIEFING,
    "district": DISTRICT,
    "council": COUNCIL,
    "ward": WARD,
}

ABSENCES = (
    "Đi công tác theo lịch của Tỉnh ủy",
    "Dự hội nghị ở Trung ương",
    "Nghỉ phép",
    "Tiếp công dân định kỳ",
    "Nghỉ ốm",
)
FORGOTTEN_END = "Quên bấm kết thúc khi hết phiên, sửa theo biên bản"
# Sessions on one subject in the last weeks, newest first: title, net minutes.
THEMATIC_SESSIONS = (
    ("Họp chuyên đề tiến độ tuyến đường nối Trà Khê - Nậm Lam", 74),
    ("Họp chuyên đề giải ngân vốn đầu tư công", 96),
    ("Họp chuyên đề phòng, chống thiên tai", 58),
)
